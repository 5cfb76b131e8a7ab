using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>A training run and its directory: made by <see cref="Train"/>, opened again by <see cref="Open"/>.</summary>
/// <remarks>Owns its model.</remarks>
public sealed class Run : IDisposable
{
    private Run(RunDirectory directory, RunConfig config, DiffusionAutoencoder model, ImageSize size) =>
        (Directory, Config, Model, ImageSize) = (directory, config, model, size);

    /// <summary>Where the parts of the run stand.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Everything that decided the run.</summary>
    public RunConfig Config { get; }

    /// <summary>The model, on the device of the configuration.</summary>
    public DiffusionAutoencoder Model { get; }

    /// <summary>The size of its images.</summary>
    public ImageSize ImageSize { get; }

    /// <summary>The number of epochs that the model was trained for.</summary>
    public int Epoch { get; private set; }

    /// <summary>What each epoch came to; empty for a run that was opened.</summary>
    public IReadOnlyList<EpochMetrics> History { get; private set; } = [];

    /// <summary>How long training goes on at least between two checkpoints, unless one says otherwise; they are written between epochs.</summary>
    public static TimeSpan CheckpointInterval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains a model as configured, and writes its directory as it goes.</summary>
    /// <param name="config">Everything that decides the run.</param>
    /// <param name="data">The data that <see cref="RunConfig.Data"/> names, or data of one's own; not owned.</param>
    /// <param name="path">The directory, new or empty.</param>
    /// <param name="observer">Whom to tell; or null.</param>
    /// <param name="checkpointInterval">How long to go on at least between two checkpoints; by default <see cref="CheckpointInterval"/>.</param>
    /// <param name="cancellationToken">Stops training after the step that is being done, with a checkpoint from which <see cref="Resume"/> goes on.</param>
    /// <exception cref="ArgumentException">The configuration is wrong, or does not suit the data; nothing is written.</exception>
    /// <exception cref="FormatException">There is no such manifold; nothing is written.</exception>
    /// <exception cref="DirectoryInUseException">The directory holds something, or another process writes to it; nothing is written.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite; the weights of the last epoch before are in the directory.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    /// <exception cref="IOException">The system failed to write; the last checkpoint is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to; the last checkpoint is whole.</exception>
    public static Run Train(
        RunConfig config,
        ImageData data,
        string path,
        ITrainingObserver? observer = null,
        TimeSpan? checkpointInterval = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(path);
        Guard.NoFaults(config.Faults());
        var directory = new RunDirectory(path);
        if (config is { Starts: > 1, Training.Start: null })
        {
            directory.RequireFree();
            config = RestartSearch.Choose(config, data, observer, cancellationToken);
        }
        DiffusionAutoencoder model = CreateModel(config, data);
        var run = new Run(directory, Resolved(config, model.Latent), model, data.ImageSize);
        return run.Fit(data, resumes: false, observer, checkpointInterval, cancellationToken);
    }

    /// <summary>
    /// Takes up a run that was interrupted, however it was, and ends it as if nothing had happened: with the same weights and metrics, bit for
    /// bit, on the same machine. A run without a checkpoint starts over; one that is complete is opened.
    /// </summary>
    /// <param name="path">The directory of the run.</param>
    /// <param name="data">The data that the run was begun with; not owned.</param>
    /// <param name="observer">Whom to tell, also of damage that was repaired; or null.</param>
    /// <param name="checkpointInterval">As for <see cref="Train"/>.</param>
    /// <param name="cancellationToken">As for <see cref="Train"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    /// <exception cref="DataFormatException">
    /// The configuration or all checkpoints are damaged, or another version made them, or the data are not those the run was begun with.
    /// </exception>
    /// <exception cref="ArgumentException">The data do not suit the configuration.</exception>
    /// <exception cref="DirectoryInUseException">Another process writes to the directory.</exception>
    /// <exception cref="DeviceNotFoundException">The device is not there.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite; the weights of the last epoch before are in the directory.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped again.</exception>
    /// <exception cref="IOException">The system failed to write; the last checkpoint is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to; the last checkpoint is whole.</exception>
    public static Run Resume(
        string path, ImageData data, ITrainingObserver? observer = null, TimeSpan? checkpointInterval = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(data);
        var directory = new RunDirectory(path);
        directory.RequireRun();
        using FileLock claim = directory.TakeLock();
        RunConfig config = directory.ReadConfig();
        RunVersions.RequireSame(directory.Config, config.Versions);
        if (!directory.HasCheckpoints && File.Exists(directory.Weights))
        {
            Run opened = Open(path);
            if (opened.Epoch == config.Training.Epochs)
            {
                return opened;
            }
            opened.Dispose();
        }
        var run = new Run(directory, config, CreateModel(config, data), data.ImageSize);
        return run.Fit(data, resumes: true, observer, checkpointInterval, cancellationToken);
    }

    /// <summary>Opens the directory of a run.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="device">Where to put the model; by default the device it was trained on.</param>
    /// <returns>The run with its model as of the last epoch that was done.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    /// <exception cref="DataFormatException">A file of the run is damaged, or does not suit the others.</exception>
    /// <exception cref="FormatException">The device has no name that could be one.</exception>
    /// <exception cref="DeviceNotFoundException">The device is not there.</exception>
    public static Run Open(string path, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var directory = new RunDirectory(path);
        RunConfig config = directory.ReadConfig();
        Device place = Devices.Parse(device ?? config.Device);
        (DiffusionAutoencoder model, ImageSize size, int epoch) = WeightsFile.Read(directory.Weights, config);
        model.to(place);
        model.eval();
        return new Run(directory, config with { Device = device ?? config.Device }, model, size) { Epoch = epoch };
    }

    /// <summary>Checks that the model can encode images.</summary>
    /// <exception cref="ArgumentException">They are not of the size of the run's.</exception>
    public void RequireMatches(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireSize(images.Name, new ImageSize(images.Height, images.Width));
    }

    /// <summary>Measures the model on the images that the run measured on after each epoch: the test images, or those held out.</summary>
    /// <param name="data">The data of the run.</param>
    /// <param name="seed">Decides the samples of the posterior and the binarisation; by default the seed of the run, which gives the numbers of its last epoch again.</param>
    /// <exception cref="ArgumentException">The data do not suit the run.</exception>
    public ModelScore Evaluate(ImageData data, long? seed = null)
    {
        using Split split = Split.Create(data, Config.HoldOut);
        return Evaluate(split.Test, seed);
    }

    /// <summary>Measures the model on images of one's choice.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="seed">As for the run's own data.</param>
    /// <exception cref="ArgumentException">The images do not suit the run.</exception>
    public ModelScore Evaluate(ImageSet images, long? seed = null)
    {
        using EvaluationSet measured = Measured(images, seed);
        return measured.Evaluate(Model);
    }

    /// <summary>Estimates the log-likelihood of images by importance sampling: a lower bound, on every latent space.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="options">The numbers of samples and images.</param>
    /// <param name="seed">Decides the samples and the binarisation; by default the seed of the run.</param>
    /// <param name="progress">Is told the share that is done; or null.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="ArgumentException">The images or the options do not suit the run.</exception>
    /// <exception cref="NotSupportedException">A factor of the latent space is known by its projection alone.</exception>
    public ImportanceLikelihood EvaluateByImportance(
        ImageSet images, ImportanceOptions? options = null, long? seed = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using EvaluationSet measured = Measured(images, seed);
        return measured.Importance(Model, options, progress, cancellationToken);
    }

    /// <summary>Computes the log-likelihood of images by quadrature over the latent space, of dimension at most 3.</summary>
    /// <inheritdoc cref="EvaluateByImportance"/>
    public QuadratureLikelihood EvaluateByQuadrature(
        ImageSet images, QuadratureOptions? options = null, long? seed = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using EvaluationSet measured = Measured(images, seed);
        return measured.Quadrature(Model, options, progress, cancellationToken);
    }

    /// <summary>Judges whether the encoder captures the topology of the data.</summary>
    /// <param name="family">What the data are draws of: <see cref="ImageData.Family"/>.</param>
    /// <param name="options">How closely to look.</param>
    /// <param name="seed">Decides which images are made; by default the seed of the run.</param>
    /// <exception cref="ArgumentException">The images or the options do not suit the run.</exception>
    public Topology EvaluateTopology(ImageFamily family, TopologyOptions? options = null, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(family);
        RequireSize("family", family.Size);
        using Generator points = Seeds.Generator(seed ?? Config.Training.Seed, RandomPurpose.Topology, Devices.Parse(Config.Device));
        return Topology.Measure(Model, family, points, options);
    }

    private EvaluationSet Measured(ImageSet images, long? seed)
    {
        RequireMatches(images);
        return new EvaluationSet(
            images, seed ?? Config.Training.Seed, Config.Training.Binarisation, Model.Likelihood, Devices.Parse(Config.Device));
    }

    private void RequireSize(string name, ImageSize size)
    {
        if (size != ImageSize)
        {
            throw new ArgumentException(Invariant($"{name}: images of {size.Height} by {size.Width} pixels; the run has {ImageSize.Height} by {ImageSize.Width}."));
        }
    }

    /// <summary>The configuration with what was chosen in place of what was left to choose; unless factors of a product were treated differently.</summary>
    private static RunConfig Resolved(RunConfig config, LatentSpace latent)
    {
        T OfAllFactors<T>(Func<DiffusionLatentSpace, T> chosen, T otherwise) =>
            latent.Components.OfType<DiffusionLatentSpace>().Select(chosen).Distinct().ToArray() is [T only] ? only : otherwise;

        LatentOptions options = config.Latent with
        {
            Divergence = OfAllFactors(factor => factor.DivergenceMethod, config.Latent.Divergence),
            Bounds = OfAllFactors(factor => factor.Bounds, config.Latent.Bounds),
            Projection = OfAllFactors(factor => factor.Projection, config.Latent.Projection),
        };
        return config with { Manifold = latent.Id, Latent = options, Threads = torch.get_num_threads(), Versions = RunVersions.Current };
    }

    /// <summary>The model of a configuration, with its initial weights, for data that suit it.</summary>
    internal static DiffusionAutoencoder CreateModel(RunConfig config, ImageData data)
    {
        Device device = Devices.Parse(config.Device);
        Devices.UseThreads(config.Threads);
        config.RequireMatches(data);
        using Generator weights = Seeds.Generator(config.Training.Seed, RandomPurpose.Weights, restart: config.Training.Start ?? 0);
        return DiffusionAutoencoder.Create(config.CreateLatentSpace(), data.PixelCount, config.Network, weights).to(device);
    }

    private Run Fit(ImageData data, bool resumes, ITrainingObserver? observer, TimeSpan? checkpointInterval, CancellationToken cancellationToken)
    {
        try
        {
            // Who resumes has the right to write already.
            using FileLock? claim = resumes ? null : Directory.Claim();
            using Split split = Split.Create(data, Config.HoldOut);
            var checkpoints = new Checkpoints(Directory, Config, DataFingerprint.Of(split));
            var archive = new RunArchive(Directory, Config, checkpoints, resumes, checkpointInterval ?? CheckpointInterval);
            var observers = new ObserverList(new RunRecorder(this), observer);
            History = new Trainer(Model, Config.Training).Train(split.Train, split.Test, observers, archive, cancellationToken);
            Epoch = History.Count;
            checkpoints.Delete();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}
