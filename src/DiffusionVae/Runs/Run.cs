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

    /// <summary>What each epoch came to; empty for a run that was opened.</summary>
    public IReadOnlyList<EpochMetrics> History { get; private init; } = [];

    /// <summary>Trains a model as configured, and writes its directory as it goes.</summary>
    /// <param name="config">Everything that decides the run.</param>
    /// <param name="data">The data that <see cref="RunConfig.Data"/> names, or data of one's own; not owned.</param>
    /// <param name="path">The directory, new or empty.</param>
    /// <param name="observer">Whom to tell; or null.</param>
    /// <param name="cancellation">Stops training between two steps; what was saved remains.</param>
    /// <exception cref="ArgumentException">The configuration is wrong, or does not suit the data; nothing is written.</exception>
    /// <exception cref="FormatException">There is no such manifold; nothing is written.</exception>
    /// <exception cref="DirectoryInUseException">The directory holds something; nothing is written.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite; the weights of the last epoch before are in the directory.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    public static Run Train(RunConfig config, ImageData data, string path, ITrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(data);
        Validation.ThrowIfAny(config.Faults());
        Device device = Devices.Parse(config.Device);
        Devices.UseThreads(config.Threads);
        config.RequireFits(data);
        using Split split = Split.Of(data, config.HoldOut);
        var size = new ImageSize(data.Height, data.Width);
        DiffusionAutoencoder model = CreateModel(config, size);
        try
        {
            model.to(device);
            RunConfig resolved = config with { Manifold = model.Latent.Id, Latent = Resolved(config.Latent, model.Latent), Threads = torch.get_num_threads(), Versions = RunVersions.Current };
            var directory = new RunDirectory(path);
            var recorder = new RunRecorder(directory, resolved, model, size, observer);
            IReadOnlyList<EpochMetrics> history = new Trainer(model, config.Training).Fit(split.Train, split.Test, recorder, cancellation);
            return new Run(directory, resolved, model, size) { History = history };
        }
        catch
        {
            model.Dispose();
            throw;
        }
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
        if (!File.Exists(directory.Config))
        {
            throw new DirectoryNotFoundException($"'{path}' is not the directory of a run: it has no config.json.");
        }
        RunConfig config = ReadConfig(directory.Config);
        config = config with { Device = device ?? config.Device };
        Device place = Devices.Parse(config.Device);
        (DiffusionAutoencoder model, ImageSize size) = WeightsFile.Read(directory.Weights, config);
        model.to(place);
        model.eval();
        return new Run(directory, config, model, size);
    }

    /// <summary>Reads what each epoch came to.</summary>
    /// <exception cref="DataFormatException">The table is missing or damaged.</exception>
    public IReadOnlyList<MetricsRow> ReadMetrics() => MetricsFile.Read(Directory.Metrics);

    /// <summary>Checks that the model can encode images.</summary>
    /// <exception cref="ArgumentException">They are not of the size of the run's.</exception>
    public void RequireFits(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if ((images.Height, images.Width) != (ImageSize.Height, ImageSize.Width))
        {
            throw new ArgumentException(
                Invariant($"{images.Name}: images of {images.Height} by {images.Width} pixels; the run has {ImageSize.Height} by {ImageSize.Width}."), nameof(images));
        }
    }

    /// <summary>Measures the model on the images that the run measured on after each epoch: the test images, or those held out.</summary>
    /// <param name="data">The data of the run.</param>
    /// <param name="seed">Decides the samples of the posterior and the binarisation; by default the seed of the run, which gives the numbers of its last epoch again.</param>
    /// <exception cref="ArgumentException">The data do not suit the run.</exception>
    public Elbo Evaluate(ImageData data, long? seed = null)
    {
        using Split split = Split.Of(data, Config.HoldOut);
        return Evaluate(split.Test, seed);
    }

    /// <summary>Measures the model on images of one's choice.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="seed">As for the run's own data.</param>
    /// <exception cref="ArgumentException">The images do not suit the run.</exception>
    public Elbo Evaluate(ImageSet images, long? seed = null)
    {
        using MeasuredImages measured = Measured(images, seed);
        return measured.Judge(Model);
    }

    /// <summary>Estimates the log-likelihood of images by importance sampling: a lower bound, on every latent space.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="options">The numbers of samples and images.</param>
    /// <param name="seed">Decides the samples and the binarisation; by default the seed of the run.</param>
    /// <param name="progress">Is told the share that is done; or null.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <exception cref="ArgumentException">The images or the options do not suit the run.</exception>
    /// <exception cref="NotSupportedException">A factor of the latent space is known by its projection alone.</exception>
    public ImportanceLikelihood EvaluateByImportance(
        ImageSet images, ImportanceOptions? options = null, long? seed = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using MeasuredImages measured = Measured(images, seed);
        return measured.Importance(Model, options, progress, cancellation);
    }

    /// <summary>Computes the log-likelihood of images by quadrature over the latent space, of dimension at most 3.</summary>
    /// <inheritdoc cref="EvaluateByImportance"/>
    public QuadratureLikelihood EvaluateByQuadrature(
        ImageSet images, QuadratureOptions? options = null, long? seed = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using MeasuredImages measured = Measured(images, seed);
        return measured.Quadrature(Model, options, progress, cancellation);
    }

    private MeasuredImages Measured(ImageSet images, long? seed)
    {
        RequireFits(images);
        return new MeasuredImages(images, Config.Training with { Seed = seed ?? Config.Training.Seed }, Model.Likelihood, Devices.Parse(Config.Device));
    }

    /// <summary>The options with what was chosen in place of what was left to choose; unless factors of a product were treated differently.</summary>
    private static LatentOptions Resolved(LatentOptions options, LatentSpace latent)
    {
        DiffusionLatentSpace[] factors = [.. latent.Factors.OfType<DiffusionLatentSpace>()];
        return factors.Select(factor => (factor.DivergenceTerm.Method, factor.Bounds)).Distinct().Count() == 1
            ? options with { Divergence = factors[0].DivergenceTerm.Method, Bounds = factors[0].Bounds }
            : options;
    }

    private static RunConfig ReadConfig(string path)
    {
        RunConfig config = RunConfig.FromJson(File.ReadAllText(path), path);
        return config.Faults().FirstOrDefault() is { } fault ? throw new DataFormatException(path, fault) : config;
    }

    /// <summary>The model of a configuration, with its initial weights, on the processor.</summary>
    private static DiffusionAutoencoder CreateModel(RunConfig config, ImageSize size)
    {
        using Generator weights = Seeds.Generator(config.Training.Seed, SeedUse.Weights);
        return DiffusionAutoencoder.Create(config.CreateLatentSpace(), size.Pixels, config.Network, weights);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}
