using System.Runtime.InteropServices;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// Ties the lifetime of a worker to the process that started it. The worker stops in an orderly way when its
/// standard input ends, which means that its parent stops it or has ended, and at the
/// <see cref="EndingSignals"/>. It ignores Ctrl-C, which reaches all processes: the parent handles it.
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
