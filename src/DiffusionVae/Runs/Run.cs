using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>
/// A training run and its directory, which <c>Train</c>, <c>Resume</c> and <c>Open</c> give.
/// </summary>
/// <remarks>
/// <para>
/// The networks are the perceptrons that the configuration describes, or those that a
/// <see cref="ModelFactory"/> makes. Both have the same directory, checkpoints, restarts and evaluation.
/// </para>
/// <para>
/// Each of the three sets the number of threads of all tensor operations of the process to
/// <see cref="RunConfig.Threads"/>. Sums are then made in the same order, and the same numbers come again.
/// </para>
/// <threadsafety>Not safe for concurrent use. Separate runs share the number of threads.</threadsafety>
/// </remarks>
public sealed partial class Run : IDisposable
{
    private IReadOnlyList<EpochMetrics>? history;

    internal Run(RunDirectory directory, RunConfig config, DiffusionAutoencoder model, ObservationShape shape)
    {
        (Directory, Config, Model, Shape) = (directory, config, model, shape);
        Device = Devices.Parse(config.Device);
        Batched = new BatchedModel(model, Device);
    }

    /// <summary>The paths of the files of the run.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Everything that decided the run.</summary>
    public RunConfig Config { get; }

    /// <summary>The model, in evaluation mode. The run owns it.</summary>
    public DiffusionAutoencoder Model { get; }

    /// <summary>The shape of the observations.</summary>
    public ObservationShape Shape { get; }

    /// <summary>The device of the model.</summary>
    public Device Device { get; }

    /// <summary>The number of epochs that the model was trained for.</summary>
    public int Epoch { get; internal init; }

    /// <summary>
    /// The results of each epoch; of an opened run by <see cref="RunDirectory.ReadMetrics"/>.
    /// </summary>
    /// <exception cref="DataFormatException">The table of an opened run is missing or damaged.</exception>
    public IReadOnlyList<EpochMetrics> History
    {
        get => history ??= [.. Directory.ReadMetrics().Take(Epoch)];
        internal init => history = value;
    }

    /// <summary>The least time between two checkpoints by default. They are written between epochs.</summary>
    public static TimeSpan CheckpointInterval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Encodes and decodes streams.</summary>
    internal BatchedModel Batched { get; }

    /// <summary>Trains perceptrons as configured, and writes the directory of the run.</summary>
    /// <param name="config">Everything that decides the run.</param>
    /// <param name="data">The data that <see cref="RunConfig.Data"/> names, or any other; not owned.</param>
    /// <param name="path">The directory, new or empty.</param>
    /// <param name="observer">Receives progress; may be null.</param>
    /// <param name="checkpointInterval">By default <see cref="CheckpointInterval"/>.</param>
    /// <param name="cancellationToken">Stops training after a step; <c>Resume</c> goes on from there.</param>
    /// <exception cref="ConfigurationException">
    /// The configuration does not match the data, or is wrong.
    /// </exception>
    /// <exception cref="DeviceNotFoundException">The device is not there; nothing is written.</exception>
    /// <exception cref="DirectoryInUseException">
    /// The directory is not empty, or in use by another process.
    /// </exception>
    /// <exception cref="TrainingDivergedException">
    /// A number is not finite; the last good weights are kept.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    /// <exception cref="IOException">The system failed to write; the last checkpoint is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public static Run Train(
        RunConfig config, ImageData data, string path,
        ITrainingObserver? observer = null, TimeSpan? checkpointInterval = null, CancellationToken cancellationToken = default) =>
        new RunTraining(path, data, null, observer, checkpointInterval, cancellationToken).Begin(config);

    /// <summary>Trains a user-defined model, and writes the directory of the run.</summary>
    /// <remarks>
    /// Networks and latent space of the configuration count only if the factory reads them.
    /// </remarks>
    /// <inheritdoc
    /// cref="Train(RunConfig, ImageData, string, ITrainingObserver?, TimeSpan?, CancellationToken)"/>
    public static Run Train(
        RunConfig config, ImageData data, string path, ModelFactory factory,
        ITrainingObserver? observer = null, TimeSpan? checkpointInterval = null, CancellationToken cancellationToken = default) =>
        new RunTraining(path, data, Required(factory), observer, checkpointInterval, cancellationToken).Begin(config);

    /// <summary>
    /// Completes a run that was interrupted, in whatever way. On the same machine, it ends bit for bit as if
    /// it had not been. A run without a checkpoint starts over; one that is complete is opened.
    /// </summary>
    /// <param name="path">The directory of the run.</param>
    /// <param name="data">The data that the run was begun with; not owned.</param>
    /// <param name="observer">Receives progress, and what damage was repaired; may be null.</param>
    /// <param name="checkpointInterval">By default <see cref="CheckpointInterval"/>.</param>
    /// <param name="cancellationToken">Stops training again, as it does for <c>Train</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    /// <exception cref="DataFormatException">
    /// The configuration or all checkpoints are damaged or of another version, or the data are others.
    /// </exception>
    /// <exception cref="ConfigurationException">
    /// The data do not match, or the model is user-defined.
    /// </exception>
    /// <inheritdoc
    /// cref="Train(RunConfig, ImageData, string, ITrainingObserver?, TimeSpan?, CancellationToken)"
    /// path="/exception[position()>1]"/>
    public static Run Resume(
        string path, ImageData data,
        ITrainingObserver? observer = null, TimeSpan? checkpointInterval = null, CancellationToken cancellationToken = default) =>
        new RunTraining(path, data, null, observer, checkpointInterval, cancellationToken).Resume();

    /// <summary>Completes a run of a user-defined model.</summary>
    /// <inheritdoc cref="Resume(string, ImageData, ITrainingObserver?, TimeSpan?, CancellationToken)"/>
    public static Run Resume(
        string path, ImageData data, ModelFactory factory,
        ITrainingObserver? observer = null, TimeSpan? checkpointInterval = null, CancellationToken cancellationToken = default) =>
        new RunTraining(path, data, Required(factory), observer, checkpointInterval, cancellationToken).Resume();

    /// <summary>Opens the directory of a run.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="device">The device of the model; by default the one that it was trained on.</param>
    /// <returns>The run with its model as it was after the last epoch.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or does not match the others.</exception>
    /// <exception cref="FormatException">The name of the device is not one of a device.</exception>
    /// <exception cref="DeviceNotFoundException">The device is not there.</exception>
    /// <exception cref="ConfigurationException">
    /// The model is user-defined; opening it takes its factory.
    /// </exception>
    public static Run Open(string path, string? device = null) => RunTraining.Open(new RunDirectory(path), null, device);

    /// <summary>Opens the directory of a run of a user-defined model.</summary>
    /// <inheritdoc cref="Open(string, string?)"/>
    public static Run Open(string path, ModelFactory factory, string? device = null) =>
        RunTraining.Open(new RunDirectory(path), Required(factory), device);

    /// <summary>
    /// The images to train on, and those to measure on: the test images, or those held out.
    /// </summary>
    /// <param name="data">The data of the run.</param>
    /// <exception cref="ConfigurationException">No image would be left to train on.</exception>
    public Split Split(ImageData data) => ConfigurationException.Guard(() => Data.Split.Create(data, Config.HoldOut));

    /// <summary>Checks that the model can encode images.</summary>
    /// <exception cref="ArgumentException">They are of another size.</exception>
    public void RequireMatches(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireShape(images.Name, images.Shape);
    }

    /// <summary>The posteriors of images, computed in batches.</summary>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public EncodedImages Encode(ImageSet images)
    {
        RequireMatches(images);
        return Batched.Encode(images.Pixels);
    }

    /// <summary>The mean images of points, decoded in batches.</summary>
    /// <param name="points">[points, n]; the nearest points of the manifold are taken.</param>
    /// <returns>[points, pixels], on the CPU.</returns>
    public Tensor Decode(Tensor points) => Batched.Decode(points);

    /// <summary>The reconstructions of images: the mean images of their mean points.</summary>
    /// <returns>[images, pixels], on the CPU.</returns>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public Tensor Reconstruct(ImageSet images)
    {
        using EncodedImages encoded = Encode(images);
        return Decode(encoded.Mean);
    }

    private static ModelFactory Required(ModelFactory? factory) => factory ?? throw new ArgumentNullException(nameof(factory));

    private void RequireShape(string name, ObservationShape shape)
    {
        if (!shape.Equals(Shape))
        {
            throw new ArgumentException($"{name}: {shape.Noun} of {shape}; the run has {Shape}.");
        }
        // Columns in another order would be misread.
        (IReadOnlyList<string> found, IReadOnlyList<string> expected) = (shape.FeatureNames, Shape.FeatureNames);
        if (found.Count > 0 && expected.Count > 0 && !found.SequenceEqual(expected))
        {
            int i = Enumerable.Range(0, found.Count).First(i => found[i] != expected[i]);
            throw new ArgumentException(Invariant($"{name}: feature {i + 1} is '{found[i]}'; in the run it is '{expected[i]}'."));
        }
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}
