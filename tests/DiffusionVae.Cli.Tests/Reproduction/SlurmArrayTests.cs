using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// samples/reproduce/slurm-array.sh gives each task of a job array its share, whatever numbers the array has.
/// </summary>
public sealed class SlurmArrayTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixTheory]
    [InlineData("table1 --output out here --jobs 1 --part 3/8", 3, 1, 8, 1, 8)]
    [InlineData("table1 --output out here --jobs 1 --part 1/8", 0, 0, 7, 1, 8)]
    [InlineData("table1 --output out here --jobs 1 --part 3/4", 30, 10, 40, 10, 4)]
    // A list, 1,3,7: no share of its own.
    [InlineData("table1 --output out here --jobs 1", 3, 1, 7, 1, 3)]
    public void A_task_does_its_share(string expected, int task, int min, int max, int step, int count)
    {
        (int code, string said, _) = Submit(("ID", task), ("MIN", min), ("MAX", max), ("STEP", step), ("COUNT", count));
        Assert.Equal((0, $"reproduce {expected}\n"), (code, said));
    }

    [UnixFact]
    public void Without_an_array_it_says_what_to_do()
    {
        (int code, string said, string error) = Submit();
        Assert.Equal((2, ""), (code, said));
        Assert.Contains("sbatch --array=", error, StringComparison.Ordinal);
    }

    /// <summary>
    /// Runs the script with a program that repeats its arguments, at a path with a blank in it.
    /// </summary>
    private (int Code, string Out, string Error) Submit(params (string Name, int Value)[] variables)
    {
        string program = folder["a program"];
        File.WriteAllText(program, "#!/bin/sh\necho \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        var start = new ProcessStartInfo(
            "bash", [Path.Combine(Repository.Root, "samples", "reproduce", "slurm-array.sh"), "table1", "--output", "out here"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DVAE"] = program;
        foreach ((string name, int value) in variables)
        {
            start.Environment[$"SLURM_ARRAY_TASK_{name}"] = FormattableString.Invariant($"{value}");
        }
        using Process script = Process.Start(start)!;
        string said = script.StandardOutput.ReadToEnd(), error = script.StandardError.ReadToEnd();
        script.WaitForExit();
        return (script.ExitCode, said, error);
    }
}
