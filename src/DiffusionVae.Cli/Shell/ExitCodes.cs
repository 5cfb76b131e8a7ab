namespace DiffusionVae.Cli;

/// <summary>What the program says to the shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A fault of the program.</summary>
    public const int OurFault = 1;

    /// <summary>The command line, or a file it names as a configuration, asks for something that is not there or makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>A file of data or weights is missing, damaged, or not what it should be.</summary>
    public const int BadData = 3;

    /// <summary>Training came to numbers that are not finite.</summary>
    public const int Diverged = 4;

    /// <summary>The system refused: disk full, read-only, directory in use, no such device, no memory.</summary>
    public const int Refused = 5;

    /// <summary>By Ctrl-C: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>By SIGTERM.</summary>
    public const int Terminated = 143;
}
