using System.Globalization;
using static System.FormattableString;

namespace DiffusionVae.Cli;

/// <summary>What the program needs of the system before it does anything. Without it, libraries would end the
/// process.</summary>
internal static class Surroundings
{
    /// <summary>Assemblies and libraries are some 60 files; a run has a few more.</summary>
    private const int LeastOpenFiles = 128;

    /// <summary>What is missing, and what helps; null if nothing is.</summary>
    public static string? Fault() => FaultOfWorkingDirectory() ?? FaultOfOpenFiles();

    private static string? FaultOfWorkingDirectory()
    {
        try
        {
            Directory.GetCurrentDirectory();
            return null;
        }
        catch (IOException)
        {
            return "the working directory was deleted; go to another one (cd) and try again.";
        }
    }

    private static string? FaultOfOpenFiles()
    {
        const string limits = "/proc/self/limits", entry = "Max open files";
        if (!OperatingSystem.IsLinux() || !File.Exists(limits)
            || File.ReadLines(limits).FirstOrDefault(line => line.StartsWith(entry, StringComparison.Ordinal)) is not { } found)
        {
            return null;
        }
        // .NET raises the first number, the soft limit, to the second, the hard one.
        string[] numbers = found[entry.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length > 1 && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            && most < LeastOpenFiles
            ? Invariant($"only {most} files may be open at once; dvae needs {LeastOpenFiles}. Raise the limit (ulimit -n).")
            : null;
    }
}
