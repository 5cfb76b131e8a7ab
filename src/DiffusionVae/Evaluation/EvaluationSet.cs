using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Images on which models are scored, on their device and binarised if so chosen: the same pixels and samples
/// every time.
/// </summary>
internal sealed class EvaluationSet : IDisposable
{
    private readonly ImageSet images;
    private readonly long seed;
    private readonly Device device;

    /// <summary>Prepares images.</summary>
    /// <param name="images">The images; not owned.</param>
    /// <param name="seed">Decides the binarisation and all samples.</param>
    /// <param name="binarisation">How pixels become zeros and ones; once, whenever they do.</param>
    /// <param name="likelihood">The distribution of the decoder.</param>
    /// <param name="device">The device of the models.</param>
    /// <exception cref="ArgumentException">The decoder's distribution does not allow such images.</exception>
    public EvaluationSet(ImageSet images, long seed, Binarisation binarisation, PixelLikelihood likelihood, Device device)
    {
        likelihood.RequireOutcomes(images.Pixels, images.Name);
        (this.seed, this.device) = (seed, device);
        using Generator pixels = Seeds.Generator(seed, RandomPurpose.TestPixels, device);
        this.images = binarisation == Binarisation.None ? images.To(device) : images.Binarised(pixels);
    }

    /// <summary>Scores a model, which is on the same device.</summary>
    public ModelScore Evaluate(DiffusionAutoencoder model)
    {
        using Generator samples = Seeds.Generator(seed, RandomPurpose.Evaluation, device);
        return ModelScore.Measure(model, images, samples);
    }

    /// <summary>The importance-weighted likelihood of a model, which is on the same device.</summary>
    public ImportanceLikelihood Importance(
        DiffusionAutoencoder model, ImportanceOptions? options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using Generator samples = Seeds.Generator(seed, RandomPurpose.Likelihood, device);
        return ImportanceLikelihood.Measure(model, images, samples, options, progress, cancellationToken);
    }

    /// <summary>The likelihood of a model by quadrature.</summary>
    public QuadratureLikelihood Quadrature(
        DiffusionAutoencoder model, QuadratureOptions? options, IProgress<double>? progress, CancellationToken cancellationToken) =>
        QuadratureLikelihood.Measure(model, images, options, progress, cancellationToken);

    public void Dispose() => images.Dispose();
}
