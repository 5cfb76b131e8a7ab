using System.Runtime.InteropServices;

namespace DiffusionVae.Cli;

/// <summary>The program <c>dvae</c>.</summary>
internal static class Program
{
    /// <summary>SIGXFSZ, on Linux and macOS.</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    public static int Main(string[] args)
    {
        // A write beyond a limit on the size of files is then refused like one to a full disk; else the
        // system would end the program without a word.
        using PosixSignalRegistration? limit = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);
        var terminal = Terminal.OfProcess();
        // Results go through the terminal. What libraries print, such as how they looked for others, is not
        // among them.
        Console.SetOut(TextWriter.Null);
        if (Surroundings.Fault() is { } fault)
        {
            terminal.WriteError(fault);
            return ExitCodes.Refused;
        }
        return Dvae.Run(args, terminal);
    }
}
