using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// Tests that take resources from a process while it runs; where prlimit(1) is missing they are skipped,
/// visibly.
/// </summary>
public sealed class LimitTheoryAttribute : TheoryAttribute
{
    public LimitTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux() || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(place => File.Exists(Path.Combine(place, "prlimit"))))
        {
            Skip = "Needs the program prlimit (Linux, util-linux).";
        }
    }

    internal static void Limit(int process, string resource, long most)
    {
        using Process prlimit = Process.Start(
            "prlimit", [FormattableString.Invariant($"--pid={process}"), FormattableString.Invariant($"--{resource}={most}:{most}")]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
