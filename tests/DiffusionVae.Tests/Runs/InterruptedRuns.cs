using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Tests.Runs;

/// <summary>A small run that can be made to end early, in the ways in which runs do.</summary>
internal sealed class InterruptedRuns : IDisposable
{
    public const int Epochs = 3;

    public const int StepsPerEpoch = 4;

    public TemporaryFolder Folder { get; } = new();

    public ImageData Data { get; init; } = new("waves", Pictures.Waves(60, 1), Pictures.Waves(20, 2));

    public RunConfig Config { get; init; } = new()
    {
        Manifold = "euclidean:1*torus:1",
        Network = Pictures.Small with { Decoder = "bernoulli" },
        Training = new TrainingOptions { Epochs = Epochs, BatchSize = 16, Binarisation = Binarisation.Dynamic },
        Threads = 1,
    };

    /// <summary>Makes a user-defined model; null for perceptrons.</summary>
    public ModelFactory? Factory { get; init; }

    /// <summary>Trains without interruption.</summary>
    public string Whole(string name = "whole")
    {
        Train(name).Dispose();
        return Folder[name];
    }

    public Run Train(
        string name, ITrainingObserver? observer = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Factory is null
            ? Run.Train(Config, Data, Folder[name], observer, interval, cancellationToken)
            : Run.Train(Config, Data, Folder[name], Factory, observer, interval, cancellationToken);

    /// <summary>Ends after a step as if the process were gone: nothing is saved any more.</summary>
    public string Crashed(int step, string name = "crashed")
    {
        Assert.Throws<Crash>(() => Train(name, new AtStep(step, () => throw new Crash()), TimeSpan.Zero));
        return Folder[name];
    }

    /// <summary>Ends after a step because somebody asked.</summary>
    public string Stopped(int step, string name = "stopped")
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(name, new AtStep(step, source.Cancel), TimeSpan.Zero, source.Token));
        return Folder[name];
    }

    /// <summary>Takes a run up, and gives what it said of it.</summary>
    public Resumption? Resume(string path, ImageData? data = null)
    {
        var observer = new AtStep(-1, () => { });
        (Factory is null ? Run.Resume(path, data ?? Data, observer) : Run.Resume(path, data ?? Data, Factory, observer)).Dispose();
        return observer.From;
    }

    /// <summary>The checkpoints, the last first.</summary>
    public static string[] Checkpoints(string run) =>
        [.. Directory.GetFiles(new RunDirectory(run).Checkpoints).OrderDescending(StringComparer.Ordinal)];

    /// <summary>Two runs came to the same, to the last bit.</summary>
    public static void AssertSame(string expected, string found)
    {
        Assert.Equal(Entries(expected), Entries(found));
        Assert.Equal(File.ReadAllBytes(new RunDirectory(expected).Config), File.ReadAllBytes(new RunDirectory(found).Config));
        Assert.Equal(File.ReadAllBytes(new RunDirectory(expected).Weights), File.ReadAllBytes(new RunDirectory(found).Weights));
        Assert.Equal(WithoutSeconds(expected), WithoutSeconds(found));
    }

    public static string WithoutSeconds(string run) =>
        string.Join('\n',
            File.ReadAllText(new RunDirectory(run).Metrics).Split('\n')
            .Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1))));

    public void Dispose()
    {
        Data.Dispose();
        Folder.Dispose();
    }

    private static IEnumerable<string?> Entries(string run) =>
        Directory.EnumerateFileSystemEntries(run).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private sealed class Crash : Exception;

    private sealed class AtStep(long step, Action action) : ITrainingObserver
    {
        public Resumption? From { get; private set; }

        public void Resumed(Resumption from) => From = from;

        public void StepDone(TrainingStep progress)
        {
            if (progress.Step == step)
            {
                action();
            }
        }
    }
}
