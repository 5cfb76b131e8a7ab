using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Images to measure on, on the device, as zeros and ones if so chosen: the same pixels and the same samples every time.</summary>
internal sealed class EvaluationSet : IDisposable
{
    private readonly ImageSet images;
    private readonly long seed;
    private readonly Device device;

    public EvaluationSet(ImageSet images, TrainingOptions options, PixelLikelihood likelihood, Device device)
    {
        images.RequireOutcomesOf(likelihood);
        (seed, this.device) = (options.Seed, device);
        using Generator pixels = Seeds.Generator(seed, RandomPurpose.TestPixels, device);
        this.images = options.Binarisation == Binarisation.None ? images.To(device) : images.Binarised(pixels);
    }

    /// <summary>Measures a model, which is on the same device.</summary>
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
