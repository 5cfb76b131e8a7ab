using System.Runtime.InteropServices;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli;

/// <summary>Turns exceptions into messages and exit codes. No other place does.</summary>
internal static class Failures
{
    /// <summary>If this variable is 1, a fault of the program is shown with its stack trace.</summary>
    private const string DebugVariable = "DVAE_DEBUG";

    public static int Report(Exception fault, Terminal terminal)
    {
        int code = ExitCodeOf(fault);
        terminal.WriteError(code == ExitCodes.OurFault ? InternalErrorText(fault) : MessageOf(fault));
        return code;
    }

    public static int ExitCodeOf(Exception fault) => fault switch
    {
        UsageException or ConfigurationException => ExitCodes.Usage,
        DataFormatException => ExitCodes.BadData,
        TrainingDivergedException => ExitCodes.Diverged,
        StoppedException stopped => stopped.ExitCode,
        IOException or UnauthorizedAccessException or DeviceNotFoundException or OutOfMemoryException => ExitCodes.Refused,
        ExternalException when IsOutOfMemory(fault) => ExitCodes.Refused,
        _ when NativeLibraries.IsCause(fault) => ExitCodes.Refused,
        _ => ExitCodes.OurFault,
    };

    private static string MessageOf(Exception fault) => fault is OutOfMemoryException || IsOutOfMemory(fault)
        ? "there is not enough memory; try a smaller --batch-size or narrower networks."
        : NativeLibraries.IsCause(fault) ? NativeLibraries.Explain(fault)
        : fault.Message;

    /// <summary>Whether libtorch ran out of memory, which only its message tells.</summary>
    private static bool IsOutOfMemory(Exception fault) =>
        fault.Message.Contains("can't allocate memory", StringComparison.Ordinal)
        || fault.Message.Contains("out of memory", StringComparison.Ordinal);

    private static string InternalErrorText(Exception fault)
    {
        bool debug = Environment.GetEnvironmentVariable(DebugVariable) == "1";
        // libtorch appends its own stack trace to a message.
        string what = debug ? fault.ToString() : $"{fault.GetType().Name}: {fault.Message.Split('\n')[0]}";
        string how = debug ? "" : $" (with {DebugVariable}=1 it shows where)";
        return $"this is a fault of the program, please report it{how}: {what}";
    }
}
