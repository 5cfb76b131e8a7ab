using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The estimated log-likelihood log p(x) of each image of a set under a model, in nats.</summary>
public abstract class LikelihoodResult
{
    private protected LikelihoodResult(IReadOnlyList<double> logLikelihood) => LogLikelihood = logLikelihood;

    /// <summary>log p(x) of each image, in the order of the images.</summary>
    public IReadOnlyList<double> LogLikelihood { get; }

    /// <summary>The number of images.</summary>
    public int Count => LogLikelihood.Count;

    /// <summary>The mean of log p(x) over the images.</summary>
    public double Mean => LogLikelihood.Average();

    /// <summary>The standard error of <see cref="Mean"/> over images; NaN for a single image.</summary>
    public double StandardError
    {
        get
        {
            double mean = Mean;
            return Math.Sqrt(LogLikelihood.Sum(value => (value - mean) * (value - mean)) / (Count - 1) / Count);
        }
    }

    /// <summary>
    /// The 95% confidence interval of <see cref="Mean"/>: 1.96 standard errors to either side.
    /// </summary>
    /// <remarks>
    /// It covers the variation over images. It does not cover an error that all images share, such as the
    /// bias of a bound.
    /// </remarks>
    public (double Lower, double Upper) Interval => (Mean - (1.96 * StandardError), Mean + (1.96 * StandardError));

    /// <summary>Checks what every measurement needs.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or the images cannot be outcomes of the
    /// decoder's distribution.</exception>
    private protected static void CheckArguments(DiffusionAutoencoder model, ImageSet images, Func<long, IEnumerable<string>> faults)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        Guard.NoFaults(faults(images.Count));
        model.Likelihood.RequireOutcomes(images.Pixels, images.Name);
    }
}
