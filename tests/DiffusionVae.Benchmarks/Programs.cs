using System.Diagnostics;
using DiffusionVae.Tests;

namespace DiffusionVae.Benchmarks;

/// <summary>Other processes: the program dvae as it was built, and this program again.</summary>
internal static class Programs
{
    /// <summary>The program dvae that was built last.</summary>
    public static string Dvae { get; } = Built();

    public static ProcessStartInfo Itself(params string[] arguments)
    {
        // Under `dotnet run` the process is this program; under `dotnet DLL` it is dotnet.
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return Quiet(program, [.. hosted ? [Environment.GetCommandLineArgs()[0]] : Array.Empty<string>(), .. arguments]);
    }

    public static ProcessStartInfo Quiet(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    private static string Built()
    {
        string output = Path.Combine(Repository.Root, "src", "DiffusionVae.Cli", "bin"),
            name = OperatingSystem.IsWindows() ? "dvae.exe" : "dvae";
        string[] found = Directory.Exists(output) ? Directory.GetFiles(output, name, SearchOption.AllDirectories) : [];
        return found.MaxBy(File.GetLastWriteTimeUtc) is { } program ? program
            : throw new FileNotFoundException($"Build the program first: there is no {name} under {output}.");
    }
}
