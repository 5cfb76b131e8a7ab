using System.Runtime.InteropServices;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// What ties a worker to the process that started it: it is to stop, in good order, once its standard input ends, because that process wants it or is gone, and at the
/// <see cref="EndingSignals"/>.
/// Ctrl-C, which reaches all of them, is left to that process.
/// </summary>
internal sealed class ChildLifetime : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public ChildLifetime()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true),
            .. EndingSignals.Register(signal =>
            {
                signal.Cancel = true;
                source.Cancel();
            }),
        ];
        new Thread(AwaitEnd) { IsBackground = true }.Start();
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }
    }

    private void AwaitEnd()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }
        source.Cancel();
    }
}
