using Xunit.Abstractions;

namespace DiffusionVae.Cli.Tests;

/// <summary>Runs that are killed again and again end as if nothing had happened.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int MostKills = 3;

    // The exception that the README names: in the long form, runs begin with an alignment, which is not the
    // same in every process, and now and then one ends differently.
    private static readonly string[] Start = LongForm.IsOn ? [] : ["--initialisation", "random"];

    // Everything that is random: the order, the posterior, and the pixels of every batch, or all images of
    // every epoch.
    private static readonly string[][] Trainings =
    [
        [.. TinyImages.TrainQuickly, "--manifold", "torus:1*euclidean:1", "--decoder", "bernoulli", "--binarisation", "dynamic",
            "--epochs", "20", "--checkpoint-seconds", "0", .. Start],
        ["train", .. TinyImages.Short, "--data", "circle:size=8,images=48,test=16", "--manifold", "circle", "--initialisation", "random",
            "--epochs", "20", "--checkpoint-seconds", "0", "--no-figures"],
    ];

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixFact]
    [Trait(LongForm.Trait, LongForm.Value)]
    public void Runs_killed_at_random_moments_and_resumed_until_done_end_the_same()
    {
        int runs = LongForm.Times(4, 50);
        TinyImages.Write(folder["tiny"]);
        for (int i = 0; i < Trainings.Length; i++)
        {
            Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. Trainings[i], "--output", Whole(i)], null).ExitCode);
        }
        var random = new Random(1);
        var tally = new Tally();
        for (int run = 0; run < runs; run++)
        {
            string name = FormattableString.Invariant($"killed-{run}");
            for (int kills = 0; Step(
                name, Trainings[run % Trainings.Length], random, kills < MostKills, tally) != ExitCodes.Success; kills++)
            {
            }
            FinishedRun.AssertSame(folder[Whole(run % Trainings.Length)], folder[name]);
        }
        output.WriteLine($"{runs} of {runs} runs ended with the same weights and metrics, after {tally}.");
        Assert.True(tally.Kills > 0, tally.ToString());
        if (LongForm.IsOn)
        {
            Assert.True(tally.Kills >= runs && tally.InWrites > 0 && tally.BeforeFirst > 0, tally.ToString());
        }
    }

    private static string Whole(int training) => FormattableString.Invariant($"whole-{training}");

    /// <summary>Begins a run or takes it up, and perhaps kills it.</summary>
    private int Step(string name, string[] train, Random random, bool kill, Tally tally)
    {
        string[] args = File.Exists(folder[name, "config.json"])
            ? ["train", "--resume", name, "--checkpoint-seconds", "0", "--no-figures"]
            : [.. train, "--output", name];
        Directory.CreateDirectory(folder[name]);
        using DvaeProcess process = DvaeProcess.Start(folder.Path, args);
        if (kill)
        {
            switch (random.Next(3))
            {
                case 0: Thread.Sleep(random.Next(2500)); break;
                case 1: AwaitWrite(folder[name], random.Next(8), process); break;
                default: AwaitWrite(folder[name], random.Next(30), process); break;
            }
            process.Kill();
        }
        Outcome outcome = process.Wait();
        if (outcome.ExitCode != ExitCodes.Success)
        {
            Assert.True(kill && outcome.ExitCode == 128 + 9, outcome.Error);
            tally.Kills++;
            tally.InWrites += Directory.EnumerateFiles(folder[name], "*.tmp", SearchOption.AllDirectories).Any() ? 1 : 0;
            tally.BeforeFirst += Directory.EnumerateFiles(folder[name], "step-*", SearchOption.AllDirectories).Any() ? 0 : 1;
        }
        return outcome.ExitCode;
    }

    /// <summary>Waits until the process has begun to write so many more files after the first.</summary>
    private static void AwaitWrite(string run, int more, DvaeProcess process)
    {
        using var watcher = new FileSystemWatcher(run, "*.tmp") { IncludeSubdirectories = true };
        using var seen = new SemaphoreSlim(0);
        watcher.Created += (_, _) => seen.Release();
        watcher.EnableRaisingEvents = true;
        for (int i = 0; i <= more && !process.HasExited; i++)
        {
            seen.Wait(TimeSpan.FromSeconds(2));
        }
    }

    private sealed class Tally
    {
        public int Kills { get; set; }

        public int InWrites { get; set; }

        public int BeforeFirst { get; set; }

        public override string ToString() =>
            FormattableString.Invariant(
                $"{Kills} kills, {InWrites} of them while a file was written and {BeforeFirst} before there was a checkpoint");
    }
}
