using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>A run of a reproduction: a latent space on some data, and a seed.</summary>
/// <param name="Name">What its files are called.</param>
/// <param name="Config">Everything that decides it.</param>
/// <param name="Folder">Where it and what it comes to are kept.</param>
internal sealed record PlannedRun(string Name, RunConfig Config, ReproductionFolder Folder)
{
    /// <summary>The cell of a latent space and a seed among runs that share all else.</summary>
    public static PlannedRun Of(RunConfig shared, string manifold, long seed, ReproductionFolder folder) =>
        new(Invariant($"{RunNames.Safe(manifold)}-{RunNames.Safe(shared.Data)}-seed{seed}"), shared with { Manifold = manifold, Training = shared.Training with { Seed = seed } }, folder);

    /// <summary>The directory of the run.</summary>
    public RunDirectory Run => new(Path.Combine(Folder.Runs, Name));

    /// <summary>Whether the trained model is wanted, for a figure; else what the run came to is, for a table.</summary>
    public bool IsForModel { get; init; }

    /// <summary>Whether what is wanted is there.</summary>
    public bool IsDone => IsForModel ? IsTrained : File.Exists(RecordFile);

    private bool IsTrained => File.Exists(Run.Weights) && !Run.HasCheckpoints && EpochsDone() == Config.Training.Epochs;

    private string RecordFile => Path.Combine(Folder.Records, Name + ".json");

    /// <summary>Takes the right to do the run; null if another process is doing it.</summary>
    public FileLock? TryClaim() => FileLock.TryTake(Path.Combine(Folder.Runs, $".{Name}.lock"));

    /// <summary>What the run came to; null if it is not done.</summary>
    /// <exception cref="DataFormatException">The record is damaged, or of another run.</exception>
    public RunRecord? Read()
    {
        if (!File.Exists(RecordFile))
        {
            return null;
        }
        RunRecord record = JsonText.Parse<RunRecord>(File.ReadAllText(RecordFile), RecordFile);
        return (record.Manifold, record.Data, record.Seed) == (Config.Manifold, Config.Data, Config.Training.Seed)
            ? record
            : throw new DataFormatException(RecordFile, Invariant($"a record of another run than its name says: {record.Manifold} on {record.Data}, seed {record.Seed}"));
    }

    /// <summary>Keeps what the run came to, with which it is done.</summary>
    public void Write(RunRecord record) => AtomicFile.WriteText(RecordFile, JsonText.Of(record) + "\n");

    /// <summary>The share of the run that is done, judging being a tenth of it.</summary>
    public double Share()
    {
        const double training = 0.9;
        return IsDone ? 1 : training * EpochsDone() / Config.Training.Epochs;
    }

    private int EpochsDone()
    {
        try
        {
            return Math.Max(0, File.ReadLines(Run.Metrics).Count() - 1);
        }
        catch (IOException)
        {
            // Not begun yet.
            return 0;
        }
    }
}
