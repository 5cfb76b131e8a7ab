using System.Runtime.InteropServices;

namespace DiffusionVae.Cli;

/// <summary>
/// Turns the first Ctrl-C, or the first of the <see cref="EndingSignals"/>, into a request to stop in an
/// orderly way. The second has the system's default effect: it ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Terminal terminal;
    private int exitCode;

    public Interruption(Terminal terminal)
    {
        this.terminal = terminal;
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), .. EndingSignals.Register(Handle)];
    }

    public CancellationToken Token => source.Token;

    /// <summary>The exit code after the stop.</summary>
    public int ExitCode => exitCode;

    /// <summary>Does work that heeds signals.</summary>
    /// <exception cref="StoppedException">A signal ended it.</exception>
    public static void Run(Terminal terminal, Action<Interruption> work)
    {
        using var interruption = new Interruption(terminal);
        try
        {
            work(interruption);
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException("stopped; nothing was written.", interruption.ExitCode);
        }
    }

    /// <summary>
    /// A sequence that ends with an <see cref="OperationCanceledException"/> after a signal.
    /// </summary>
    public IEnumerable<T> Heeded<T>(IEnumerable<T> sequence) => sequence.Select(element =>
    {
        Token.ThrowIfCancellationRequested();
        return element;
    });

    private void Handle(PosixSignalContext context)
    {
        int code = context.Signal == PosixSignal.SIGINT ? ExitCodes.Interrupted : ExitCodes.Terminated;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            return;
        }
        context.Cancel = true;
        terminal.Note("stopping after this step; the same again ends at once.");
        source.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }
        source.Dispose();
    }
}
