using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>What a run of the program came to.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error);

/// <summary>The program as its users start it: as a process, from the folder it was built into.</summary>
internal sealed class DvaeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;
    private readonly List<string> lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> awaited = [];

    private DvaeProcess(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        error = ReadErrorAsync();
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "dvae.exe" : "dvae");

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>
    /// What the processors have done for it: unlike time that goes by, no less on a machine that is busy with
    /// other things.
    /// </summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Completes with the first line of standard error that has a text in it.</summary>
    public async Task<string> Line(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (lines)
        {
            if (lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } earlier)
            {
                return earlier;
            }
            awaited.Add((text, seen));
        }
        return await seen.Task.WaitAsync(Patience).ConfigureAwait(false);
    }

    /// <summary>Sends a signal, such as INT.</summary>
    public void Signal(string name) => Signal(name, Id);

    /// <summary>Sends a signal to a process that leads a group, and to all of its group.</summary>
    public void SignalGroup(string name) => Signal(name, -Id);

    /// <summary>
    /// Starts it as a terminal does: Ctrl-C and hanging up are heeded, also where the tests themselves were
    /// started in the background or by nohup, which have them ignored.
    /// </summary>
    public static DvaeProcess Start(string folder, IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null) =>
        OperatingSystem.IsLinux()
        ? Start("/usr/bin/env", folder, ["--default-signal=INT,HUP", Program, .. args], environment)
        : Start(Program, folder, args, environment);

    public static Outcome Run(string folder, params string[] args) => Run(folder, args, null);

    public static Outcome Run(string folder, IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment)
    {
        using DvaeProcess running = Start(folder, args, environment);
        return running.Wait();
    }

    /// <summary>Runs a line of shell in which $DVAE is the program.</summary>
    public static Outcome Shell(string folder, string line)
    {
        using DvaeProcess running = Start("/bin/sh", folder, ["-c", line], new Dictionary<string, string> { ["DVAE"] = Program });
        return running.Wait();
    }

    /// <summary>Ends it as the system does, with SIGKILL.</summary>
    public void Kill() => process.Kill();

    public Outcome Wait(TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Patience;
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program did not end within {limit}.");
        }
        return new Outcome(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts another program in the same way.</summary>
    public static DvaeProcess Start(
        string program, string folder, IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(
            program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return new DvaeProcess(start);
    }

    private static void Signal(string name, int target)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", FormattableString.Invariant($"kill -{name} {target}")]);
        kill.WaitForExit();
    }

    private async Task<string> ReadErrorAsync()
    {
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
                foreach ((string text, TaskCompletionSource<string> seen) in awaited.Where(
                    entry => line.Contains(entry.Text, StringComparison.Ordinal)))
                {
                    seen.TrySetResult(line);
                }
            }
        }
        lock (lines)
        {
            string all = string.Concat(lines.Select(line => line + '\n'));
            foreach ((string text, TaskCompletionSource<string> seen) in awaited)
            {
                seen.TrySetException(new InvalidOperationException($"dvae ended without the line '{text}': {all}"));
            }
            return all;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }
}
