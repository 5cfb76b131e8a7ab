using System.Diagnostics;
using System.Globalization;
using DiffusionVae.Cli.Output;
using Spectre.Console;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// Processes of this program that do the runs, each on a thread of its own: two runs side by side are done sooner than one after the other on two threads (the benchmark <c>parallel</c>). What they
/// have done is seen from the folders, where others may be at work too.
/// </summary>
internal sealed class WorkerPool(Terminal terminal, IReadOnlyList<PlannedRun> cells)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>Works until nothing is left that can be done here.</summary>
    /// <param name="workers">The number of processes.</param>
    /// <param name="args">What they are started with; a <see cref="ChildLifetime"/> tells them when to stop.</param>
    /// <param name="stop">Asks them to end in good order.</param>
    /// <returns>An exit code.</returns>
    public int Work(int workers, IEnumerable<string> args, CancellationToken stop)
    {
        Process[] crew = [.. Enumerable.Range(0, workers).Select(_ => Start(args))];
        try
        {
            Task<string>[] messages = [.. crew.Select(worker => worker.StandardError.ReadToEndAsync(CancellationToken.None))];
            using CancellationTokenRegistration dismissal = stop.Register(() => StopWorkers(crew));
            Show(() => crew.Any(worker => !worker.WaitForExit(TimeSpan.Zero)));
            foreach (Task<string> message in messages)
            {
                terminal.Error.Write(message.Result);
            }
            return crew.Select(worker => worker.ExitCode).FirstOrDefault(code => code != ExitCodes.Success);
        }
        finally
        {
            StopWorkers(crew);
            foreach (Process worker in crew)
            {
                worker.Dispose();
            }
        }
    }

    private static Process Start(IEnumerable<string> args)
    {
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, hosted ? [Environment.GetCommandLineArgs()[0], .. args] : args)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static void StopWorkers(Process[] crew)
    {
        foreach (Process worker in crew)
        {
            worker.StandardInput.Close();
        }
    }

    private void Show(Func<bool> isWorking)
    {
        if (!terminal.IsLive)
        {
            Follow(isWorking, _ => { }, terminal.Note);
            return;
        }
        LiveProgress.Start(terminal, context =>
        {
            ProgressTask task = context.AddTask(Count(), maxValue: 1);
            Follow(isWorking, share => task.Value = share, text => task.Description = text);
            return task;
        });
    }

    /// <summary>Reports the share that is done, and says so whenever another run is.</summary>
    private void Follow(Func<bool> isWorking, Action<double> report, Action<string> say)
    {
        var watch = Stopwatch.StartNew();
        double first = Share();
        HashSet<PlannedRun> known = [.. Done()];
        say(Count());
        for (bool working = true; working;)
        {
            Thread.Sleep(PollInterval);
            working = isWorking();
            double share = Share();
            report(share);
            foreach (PlannedRun cell in Done().Where(known.Add))
            {
                string left = share is < 1 && share > first ? $", {Duration(watch.Elapsed * ((1 - share) / (share - first)))} left" : "";
                say($"{Count()}{left}; the last: {cell.Name}");
            }
        }
    }

    private IEnumerable<PlannedRun> Done() => cells.Where(cell => cell.IsDone);

    private double Share() => cells.Average(cell => cell.Share());

    private string Count() => Invariant($"{Done().Count()} of {cells.Count} runs");

    private static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? Invariant($"{Math.Ceiling(time.TotalSeconds)} s")
        : time.ToString(time.TotalHours < 1 ? "m' min'" : "h' h 'mm' min'", CultureInfo.InvariantCulture);
}
