using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Where the parts of a run stand in its directory.</summary>
/// <param name="Root">The directory.</param>
public sealed record RunDirectory(string Root)
{
    /// <summary>All options of the run.</summary>
    public string Config => Path.Combine(Root, "config.json");

    /// <summary>Where the data of the run were, and what tells them from others.</summary>
    internal string Data => Path.Combine(Root, "data.json");

    /// <summary>A row for each epoch.</summary>
    public string Metrics => Path.Combine(Root, "metrics.csv");

    /// <summary>The model as of the last epoch that was done.</summary>
    public string Weights => Path.Combine(Root, "weights.safetensors");

    /// <summary>The folder of what a run needs to go on after an interruption; gone when it is
    /// complete.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Whether there is a checkpoint: the run was begun and is not complete.</summary>
    public bool HasCheckpoints => Runs.Checkpoints.Files(this).Length > 0;

    /// <summary>The folder of pictures.</summary>
    public string Figures => Path.Combine(Root, "figures");

    /// <summary>The folder of what <see cref="TensorBoardLog"/> writes.</summary>
    public string TensorBoard => Path.Combine(Root, "tensorboard");

    /// <summary>The page about the run.</summary>
    public string Report => Path.Combine(Root, "report.html");

    /// <summary>An empty file that the process holds open that writes the run.</summary>
    internal string Lock => Path.Combine(Root, ".lock");

    /// <summary>Checks that a run can be written here: there is nothing, or an empty directory, or one whose
    /// run was killed before it had a configuration.</summary>
    /// <exception cref="DirectoryInUseException">There is something, which is left as it is.</exception>
    public void RequireFree()
    {
        if (File.Exists(Root) || (Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root)
            .Except([Lock, FileLock.LeaseOf(Lock), .. AtomicFile.Remains(Config)]).Any()))
        {
            throw DirectoryInUseException.Taken(Root);
        }
    }

    /// <summary>Checks that a run was begun here.</summary>
    /// <exception cref="DirectoryNotFoundException">It was not.</exception>
    public void RequireRun()
    {
        if (!File.Exists(Config))
        {
            throw new DirectoryNotFoundException($"'{Root}' is not the directory of a run: it has no config.json.");
        }
    }

    /// <summary>Reads the configuration of the run.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public RunConfig ReadConfig()
    {
        RequireRun();
        RunConfig config = RunConfig.FromJson(File.ReadAllText(Config), Config);
        return config.Faults().FirstOrDefault() is { } fault ? throw new DataFormatException(Config, fault) : config;
    }

    /// <summary>Reads the results of each epoch.</summary>
    /// <remarks>
    /// The table has no standard error (here NaN), no KL of single components (here an empty list, with the
    /// total in <see cref="ModelScore.Kl"/>), and no numbers of images and pixels (here 0).
    /// </remarks>
    /// <exception cref="DataFormatException">The table is missing or damaged.</exception>
    public IReadOnlyList<EpochMetrics> ReadMetrics() => MetricsFile.Read(Metrics);

    /// <summary>Takes the right to write to the directory, which one process has at a time. Reading takes no
    /// right.</summary>
    /// <exception cref="DirectoryInUseException">Another process has it.</exception>
    internal FileLock TakeLock() => FileLock.TryTake(Lock) ?? throw DirectoryInUseException.BeingWritten(Root, FileLock.Describe(Lock));

    /// <summary>Deletes what a process left that was killed while it wrote.</summary>
    internal void DeleteRemains()
    {
        string[] written =
            [Config, Data, Metrics, Weights, .. Directory.Exists(Checkpoints) ? [Path.Combine(Checkpoints, "*")] : Array.Empty<string>()];
        foreach (string remains in written.SelectMany(AtomicFile.Remains))
        {
            File.Delete(remains);
        }
    }

    /// <summary>Deletes the directory again if nothing was written to it and it is still there.</summary>
    /// <param name="claim">The right to write to it, which ends.</param>
    internal void DeleteUnused(FileLock claim)
    {
        if (!Directory.Exists(Root) || Directory.EnumerateFileSystemEntries(Root).Except([Lock, FileLock.LeaseOf(Lock)]).Any())
        {
            return;
        }
        // While it is held: nobody else can have the file open with a lock on it.
        File.Delete(Lock);
        claim.Dispose();
        Directory.Delete(Root);
    }

    /// <summary>Makes the directory, or takes an empty one, for this process to write to.</summary>
    /// <exception cref="IOException">It exists and holds something, which is left as it is; or it cannot be
    /// made.</exception>
    internal FileLock Claim()
    {
        RequireFree();
        Directory.CreateDirectory(Root);
        FileLock claim = TakeLock();
        try
        {
            // Another process may have been quicker, and be done already.
            RequireFree();
            DeleteRemains();
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }
}
