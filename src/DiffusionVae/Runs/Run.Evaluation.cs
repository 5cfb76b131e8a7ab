using DiffusionVae.Data;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Runs;

// What a run says of images: scores, likelihoods, topology.
public sealed partial class Run
{
    /// <summary>
    /// Measures the run on the images of its validation: the test images, or those held out. For synthetic
    /// data also whether the encoder captures the topology, and what log-likelihood is attainable.
    /// </summary>
    /// <param name="data">The data of the run, or other data of the same size.</param>
    /// <param name="seed">
    /// Decides all draws; by default the run's, which gives its last numbers again.
    /// </param>
    /// <param name="onTestImages">Whether to take the test images even if the run held others out.</param>
    /// <exception cref="ArgumentException">The images do not match the run.</exception>
    public RunEvaluation Evaluate(ImageData data, long? seed = null, bool onTestImages = false) =>
        RunEvaluation.Measure(this, data, onTestImages ? 0 : Config.HoldOut, seed ?? Config.Training.Seed);

    /// <summary>Scores the model on any images.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="seed">Decides the samples and the binarisation; by default the seed of the run.</param>
    /// <exception cref="ArgumentException">The images do not match the run.</exception>
    public ModelScore Score(ImageSet images, long? seed = null)
    {
        using EvaluationSet prepared = Prepare(images, seed);
        return prepared.Evaluate(Model);
    }

    /// <summary>Estimates the log-likelihood of images by importance sampling: a lower bound, on every latent
    /// space.</summary>
    /// <param name="images">The images, of the size of the run's.</param>
    /// <param name="options">The numbers of samples and images.</param>
    /// <param name="seed">Decides the samples and the binarisation; by default the seed of the run.</param>
    /// <param name="progress">Receives the share that is done; may be null.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="ArgumentException">The images or the options do not match the run.</exception>
    /// <exception cref="NotSupportedException">A component of the latent space is known by its projection
    /// alone.</exception>
    public ImportanceLikelihood EvaluateByImportance(
        ImageSet images, ImportanceOptions? options = null, long? seed = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using EvaluationSet prepared = Prepare(images, seed);
        return prepared.Importance(Model, options, progress, cancellationToken);
    }

    /// <summary>Computes the log-likelihood of images by quadrature over the latent space, of dimension at
    /// most 3.</summary>
    /// <inheritdoc cref="EvaluateByImportance"/>
    public QuadratureLikelihood EvaluateByQuadrature(
        ImageSet images, QuadratureOptions? options = null, long? seed = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using EvaluationSet prepared = Prepare(images, seed);
        return prepared.Quadrature(Model, options, progress, cancellationToken);
    }

    /// <summary>Judges whether the encoder captures the topology of the data.</summary>
    /// <param name="family">The family that the data are drawn from: <see cref="ImageData.Family"/>.</param>
    /// <param name="options">How closely to look.</param>
    /// <param name="seed">Decides which images are made; by default the seed of the run.</param>
    /// <exception cref="ArgumentException">The images or the options do not match the run.</exception>
    public Topology EvaluateTopology(ImageFamily family, TopologyOptions? options = null, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(family);
        RequireShape("family", family.Shape);
        using Generator points = Seeds.Generator(seed ?? Config.Training.Seed, RandomPurpose.Topology, Device);
        return Topology.Measure(Model, family, points, options);
    }

    private EvaluationSet Prepare(ImageSet images, long? seed)
    {
        RequireMatches(images);
        return new EvaluationSet(images, seed ?? Config.Training.Seed, Config.Training.Binarisation, Model.Likelihood, Device);
    }
}
