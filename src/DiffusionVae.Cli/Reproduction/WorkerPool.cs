using System.Diagnostics;
using System.Globalization;
using DiffusionVae.Cli.Output;
using Spectre.Console;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// Worker processes that do the runs, each on one thread. Two runs side by side finish sooner than one after
/// the other on two threads, as the benchmark <c>parallel</c> shows. Progress is read from the folders,
/// because other processes may work there too.
/// </summary>
internal sealed class WorkerPool(Terminal terminal, IReadOnlyList<PlannedRun> runs)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>Works until no run is left that can be done here.</summary>
    /// <param name="count">The number of processes.</param>
    /// <param name="args">The arguments of a worker process.</param>
    /// <param name="stop">Stops the workers in an orderly way, through their
    /// <see cref="ChildLifetime"/>.</param>
    /// <returns>An exit code.</returns>
    public int Work(int count, IEnumerable<string> args, CancellationToken stop)
    {
        Process[] workers = [.. Enumerable.Range(0, count).Select(_ => Start(args))];
        try
        {
            Task<string>[] messages = [.. workers.Select(worker => worker.StandardError.ReadToEndAsync(CancellationToken.None))];
            using CancellationTokenRegistration registration = stop.Register(() => StopWorkers(workers));
            ShowProgress(() => workers.Any(worker => !worker.WaitForExit(TimeSpan.Zero)));
            foreach (Task<string> message in messages)
            {
                terminal.Error.Write(message.Result);
            }
            return workers.Select(worker => worker.ExitCode).FirstOrDefault(code => code != ExitCodes.Success);
        }
        finally
        {
            StopWorkers(workers);
            foreach (Process worker in workers)
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

    private static void StopWorkers(Process[] workers)
    {
        foreach (Process worker in workers)
        {
            worker.StandardInput.Close();
        }
    }

    private void ShowProgress(Func<bool> isWorking)
    {
        if (!terminal.IsLive)
        {
            Poll(isWorking, _ => { }, terminal.Note);
            return;
        }
        LiveProgress.Start(terminal, context =>
        {
            ProgressTask task = context.AddTask(Count(), maxValue: 1);
            Poll(isWorking, share => task.Value = share, text => task.Description = text);
            return task;
        });
    }

    /// <summary>
    /// Polls the folders until the workers end. Reports the fraction done, and a line whenever a run is done.
    /// </summary>
    private void Poll(Func<bool> isWorking, Action<double> report, Action<string> say)
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
            foreach (PlannedRun run in Done().Where(known.Add))
            {
                bool isKnown = share is < 1 && share > first;
                string left = isKnown ? $", {Duration(watch.Elapsed * ((1 - share) / (share - first)))} left" : "";
                say($"{Count()}{left}; the last: {run.Name}");
            }
        }
    }

    private IEnumerable<PlannedRun> Done() => runs.Where(run => run.IsDone);

    private double Share() => runs.Average(run => run.Share());

    private string Count() => Invariant($"{Done().Count()} of {runs.Count} runs");

    private static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? Invariant($"{Math.Ceiling(time.TotalSeconds)} s")
        : time.ToString(time.TotalHours < 1 ? "m' min'" : "h' h 'mm' min'", CultureInfo.InvariantCulture);
}
