namespace DiffusionVae.Cli;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A fault of the program.</summary>
    public const int OurFault = 1;

    /// <summary>
    /// The command line, or the configuration file that it names, asks for something that does not exist or
    /// is not possible.
    /// </summary>
    public const int Usage = 2;

    /// <summary>A file of data or weights is missing, damaged, or of the wrong format.</summary>
    public const int BadData = 3;

    /// <summary>Training produced a NaN or infinity.</summary>
    public const int Diverged = 4;

    /// <summary>
    /// The system refused: disk full, read-only, directory in use, no such device, no memory.
    /// </summary>
    public const int Refused = 5;

    /// <summary>Ctrl-C ended the program: 128 plus the number of SIGINT, as is usual in shells.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM ended the program.</summary>
    public const int Terminated = 143;
}
