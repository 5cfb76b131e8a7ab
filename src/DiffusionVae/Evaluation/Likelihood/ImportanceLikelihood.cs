using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The importance-weighted lower bound of the log-likelihood (Burda, Grosse and Salakhutdinov 2016), for every latent space.</summary>
/// <remarks>
/// <para>
/// log p(x) ≥ E log (1/L) Σ p(x|z_l) p(z_l) / r(z_l), z_l ~ r. The proposal r is 55% a distribution near the posterior whose density is known
/// exactly (<see cref="LatentPrior.SampleProposal"/>), 15% one three times as wide, for posteriors that are too narrow, and 30% the prior, so that
/// weights are bounded by 3.4 p(x|z) and no mode is missed for good.
/// </para>
/// <para>
/// The bound lies lower than log p(x) by about (1/ESS - 1/L) / 2 on average, where the effective sample size is large; no interval over images contains
/// that. By chance one image may come out above its true value. A mode that no sample has found is in neither number: where the encoder is
/// poor, <see cref="QuadratureLikelihood"/> is the judge.
/// </para>
/// </remarks>
public sealed record ImportanceLikelihood : LikelihoodResult
{
    private ImportanceLikelihood(IReadOnlyList<double> logLikelihood, IReadOnlyList<double> effectiveSampleSize, int samples)
        : base(logLikelihood) => (EffectiveSampleSize, Samples) = (effectiveSampleSize, samples);

    /// <summary>The number L of samples for each image.</summary>
    public int Samples { get; }

    /// <summary>(Σ w)² / Σ w² of each image, from 1 to <see cref="Samples"/>: how many even weights the weights w are worth.</summary>
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
    /// <remarks>The same generator state, images and options give the same result. Memory does not grow with the number of samples.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    /// <param name="options">The numbers of samples and images.</param>
    /// <param name="progress">Is told the share of the samples that is done, up to 1; or null.</param>
    /// <param name="cancellationToken">Stops the measurement after five hundred samples or so.</param>
    /// <exception cref="ArgumentException">The options are wrong, or the images do not suit the decoder's distribution.</exception>
    /// <exception cref="NotSupportedException">A factor of the latent space is known by its projection alone.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ImportanceLikelihood Measure(
        DiffusionAutoencoder model,
        ImageSet images,
        Generator generator,
        ImportanceOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(generator);
        options ??= new ImportanceOptions();
        Guard.NoFaults(options.Faults(images.Count));
        model.Likelihood.RequireOutcomes(images.Pixels, images.Name);
        var sampler = new ImportanceSampler(model, generator, options.Samples);
        (double[] values, double[] sizes) = sampler.Measure(images.Pixels, options.Images ?? images.Count, progress, cancellationToken);
        return new ImportanceLikelihood(values, sizes, options.Samples);
    }
}
