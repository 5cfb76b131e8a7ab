using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The importance-weighted lower bound of the log-likelihood (Burda, Grosse and Salakhutdinov 2016), for all
/// latent spaces.
/// </summary>
/// <remarks>
/// <para>
/// log p(x) ≥ E log (1/L) Σ p(x|z_l) p(z_l) / r(z_l), z_l ~ r. The proposal r is a mixture. 55% is a
/// distribution near the posterior whose density is known exactly. 15% is a distribution three times as wide,
/// for posteriors that are too narrow. 30% is the prior, so that weights are at most 3.4 p(x|z) and every
/// mode can be found.
/// </para>
/// <para>
/// If the effective sample size is large, the bound is below log p(x) by about (1/ESS - 1/L) / 2 on average.
/// No interval over images contains this bias. By chance the value of one image may exceed its true value. A
/// mode that no sample has found is missing from both numbers. Where the encoder is poor, use
/// <see cref="QuadratureLikelihood"/>.
/// </para>
/// </remarks>
public sealed class ImportanceLikelihood : LikelihoodResult
{
    private ImportanceLikelihood(IReadOnlyList<double> logLikelihood, IReadOnlyList<double> effectiveSampleSize, int samples)
        : base(logLikelihood) => (EffectiveSampleSize, Samples) = (effectiveSampleSize, samples);

    /// <summary>The number L of samples for each image.</summary>
    public int Samples { get; }

    /// <summary>
    /// The effective sample size (Σ w)² / Σ w² of each image, where w are the weights; from 1 to
    /// <see cref="Samples"/>.
    /// </summary>
    public IReadOnlyList<double> EffectiveSampleSize { get; }

    /// <summary>The mean of <see cref="EffectiveSampleSize"/>.</summary>
    public double MeanEffectiveSampleSize => EffectiveSampleSize.Average();

    /// <summary>The median of <see cref="EffectiveSampleSize"/>.</summary>
    public double MedianEffectiveSampleSize
    {
        get
        {
            double[] sorted = [.. EffectiveSampleSize.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>Measures a model.</summary>
    /// <remarks>
    /// The same generator state, images and options give the same result. Memory does not grow with the
    /// number of samples.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="generator">The random generator, on the same device.</param>
    /// <param name="options">The numbers of samples and images.</param>
    /// <param name="progress">Receives the fraction of the samples done, up to 1, on any thread but never on
    /// two at once; may be null.</param>
    /// <param name="cancellationToken">Stops the measurement within about 500 samples.</param>
    /// <exception cref="ArgumentException">The options are wrong, or the images cannot be outcomes of the
    /// decoder's distribution.</exception> <exception cref="NotSupportedException">A component of the latent
    /// space is known by its projection alone.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static ImportanceLikelihood Measure(
        DiffusionAutoencoder model,
        ImageSet images,
        Generator generator,
        ImportanceOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        options ??= new ImportanceOptions();
        CheckArguments(model, images, options.Faults);
        var sampler = new ImportanceSampler(model, generator, options.Samples);
        (double[] values, double[] sizes) = sampler.Measure(images.Pixels, options.Images ?? images.Count, progress, cancellationToken);
        return new ImportanceLikelihood(values, sizes, options.Samples);
    }
}
