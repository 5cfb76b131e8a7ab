using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>A test that takes resources from a process while it runs; where prlimit(1) is missing it is skipped, visibly.</summary>
public sealed class LimitFactAttribute : FactAttribute
{
    public LimitFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, "prlimit"))))
        {
            Skip = "Needs the program prlimit (Linux, util-linux).";
        }
    }

    internal static void Limit(int process, string resource, long most)
    {
        using Process prlimit = Process.Start("prlimit", [FormattableString.Invariant($"--pid={process}"), FormattableString.Invariant($"--{resource}={most}:{most}")]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
