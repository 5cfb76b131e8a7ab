using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>A run of a reproduction: a latent space on some data, and a seed.</summary>
/// <param name="Name">The name of its files.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Folder">The folder of the run and its results.</param>
internal sealed record PlannedRun(string Name, RunConfig Config, ReproductionFolder Folder)
{
    /// <summary>Creates the run of a latent space and a seed. All else is shared.</summary>
    public static PlannedRun Create(RunConfig shared, string manifold, long seed, ReproductionFolder folder) => new(
        Invariant($"{RunNames.Safe(manifold)}-{RunNames.Safe(shared.Data)}-seed{seed}"),
        shared with { Manifold = manifold, Training = shared.Training with { Seed = seed } },
        folder);

    /// <summary>The directory of the run.</summary>
    public RunDirectory Run => new(Path.Combine(Folder.Runs, Name));

    /// <summary>
    /// Whether the trained model is needed, for a figure. Otherwise the results are, for a table.
    /// </summary>
    public bool IsForModel { get; init; }

    /// <summary>Whether the model or the results exist.</summary>
    public bool IsDone => IsForModel ? IsTrained : File.Exists(RecordFile);

    private bool IsTrained => File.Exists(Run.Weights) && !Run.HasCheckpoints && EpochsDone() == Config.Training.Epochs;

    private string RecordFile => Path.Combine(Folder.Records, Name + ".json");

    /// <summary>Locks the run for this process; null if another process has locked it.</summary>
    public FileLock? TryClaim() => FileLock.TryTake(Path.Combine(Folder.Runs, $".{Name}.lock"));

    /// <summary>Reads the results of the run; null if it is not done.</summary>
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
            : throw new DataFormatException(
                RecordFile,
                Invariant($"a record of another run than its name says: {record.Manifold} on {record.Data}, seed {record.Seed}"));
    }

    /// <summary>Writes the results of the run. With them it is done.</summary>
    public void Write(RunRecord record) => AtomicFile.WriteText(RecordFile, JsonText.Of(record) + "\n");

    /// <summary>The fraction of the run that is done. Evaluation counts as a tenth.</summary>
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
