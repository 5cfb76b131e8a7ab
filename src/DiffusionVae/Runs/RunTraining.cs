using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Trains a run in its directory, from the beginning or from its last checkpoint.</summary>
/// <param name="path">The directory.</param>
/// <param name="data">The data; not owned.</param>
/// <param name="factory">Makes a user-defined model; null for perceptrons.</param>
/// <param name="observer">Receives progress; may be null.</param>
/// <param name="checkpointInterval">The least time between two checkpoints; null for the default.</param>
/// <param name="cancellationToken">Stops training.</param>
internal sealed class RunTraining(
    string path,
    ImageData data,
    ModelFactory? factory,
    ITrainingObserver? observer,
    TimeSpan? checkpointInterval,
    CancellationToken cancellationToken)
{
    private readonly RunDirectory directory = new(path);

    /// <summary>Begins a run.</summary>
    public Run Begin(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(data);
        if (factory is not null)
        {
            config = config with { HasUserModel = true };
        }
        config.RequireFactory(factory, $"the run in '{directory.Root}'");
        ConfigurationException.ThrowIfAny(config.Faults());
        bool isNew = !Directory.Exists(directory.Root);
        // Before restarts are tried: another run could take the directory meanwhile.
        using FileLock claim = directory.Claim();
        DiffusionAutoencoder? model = null;
        try
        {
            if (config is { Restarts: > 1, Training.Restart: null })
            {
                config = new RestartSearch(data, factory, observer, cancellationToken).Choose(config);
            }
            model = ModelBuilder.Create(config, data, factory);
            RunConfig resolved = ModelBuilder.Resolve(config, model);
            ConfigurationException.ThrowIfAny(resolved.Faults());
            return Train(resolved, model, claim, resumes: false);
        }
        catch
        {
            model?.Dispose();
            if (isNew)
            {
                directory.DeleteUnused(claim);
            }
            throw;
        }
    }

    /// <summary>Completes a run.</summary>
    public Run Resume()
    {
        ArgumentNullException.ThrowIfNull(data);
        directory.RequireRun();
        using FileLock claim = directory.TakeLock();
        RunConfig config = directory.ReadConfig();
        config.RequireFactory(factory, $"the run in '{directory.Root}'");
        RunVersions.RequireSame(directory.Config, config.Versions);
        if (DataRecord.Read(directory)?.DifferenceFrom(data, config.HoldOut) is { } difference)
        {
            throw new DataFormatException(config.Data, $"not the data that the run was begun with: {difference}");
        }
        if (!directory.HasCheckpoints && File.Exists(directory.Weights))
        {
            Run opened = Open(directory, factory, null);
            if (opened.Epoch == config.Training.Epochs)
            {
                return opened;
            }
            opened.Dispose();
        }
        if (RunVersions.OtherSums(config.Versions) is { } warning)
        {
            observer?.Warned(warning);
        }
        DiffusionAutoencoder model = ModelBuilder.Create(config, data, factory);
        try
        {
            return Train(config, model, claim, resumes: true);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="factory">Makes a user-defined model; null for perceptrons.</param>
    /// <param name="device">The device; null for the one of the configuration.</param>
    public static Run Open(RunDirectory directory, ModelFactory? factory, string? device)
    {
        RunConfig config = directory.ReadConfig();
        config.RequireFactory(factory, $"the run in '{directory.Root}'");
        RunConfig opened = config with { Device = device ?? config.Device };
        Device place = Devices.Use(opened);
        (DiffusionAutoencoder model, ObservationShape shape, int epoch) = WeightsFile.Read(directory.Weights, config, factory);
        model.to(place);
        model.eval();
        return new Run(directory, opened, model, shape) { Epoch = epoch };
    }

    private Run Train(RunConfig config, DiffusionAutoencoder model, FileLock claim, bool resumes)
    {
        if (claim.IsLease)
        {
            string lease = Path.GetFileName(FileLock.LeaseOf(directory.Lock));
            observer?.Warned(
                $"the file system of '{directory.Root}' has no locks. A file there, '{lease}', marks the run as taken until it ends.");
        }
        using Split split = Split.Create(data, config.HoldOut);
        string fingerprint = DataFingerprint.Of(split);
        var checkpoints = new Checkpoints(directory, config, fingerprint);
        var archive = new RunArchive(
            directory, config, DataRecord.Of(config.Data, fingerprint), checkpoints, resumes, checkpointInterval ?? Run.CheckpointInterval);
        var recorder = new RunRecorder(directory, config, model, data.Shape);
        IReadOnlyList<EpochMetrics> history = new Trainer(model, config.Training)
            .Train(split.Train, split.Test, new ObserverList(recorder, observer), archive, cancellationToken);
        checkpoints.Delete();
        model.eval();
        return new Run(directory, config, model, data.Shape) { Epoch = history.Count, History = history };
    }
}
