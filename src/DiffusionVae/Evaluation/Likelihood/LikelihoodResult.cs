namespace DiffusionVae.Evaluation;

/// <summary>The log-likelihood log p(x) of each of a set of images under a model, as estimated in one way or another, in nats.</summary>
public abstract record LikelihoodResult
{
    private protected LikelihoodResult(IReadOnlyList<double> logLikelihood) => LogLikelihood = logLikelihood;

    /// <summary>log p(x) of each image, in the order of the images.</summary>
    public IReadOnlyList<double> LogLikelihood { get; }

    /// <summary>The number of images.</summary>
    public int Count => LogLikelihood.Count;

    /// <summary>The mean of log p(x) over the images.</summary>
    public double Mean => LogLikelihood.Average();

    /// <summary>Of <see cref="Mean"/>, over images; NaN for a single image.</summary>
    public double StandardError
    {
        get
        {
            double mean = Mean;
            return Math.Sqrt(LogLikelihood.Sum(value => (value - mean) * (value - mean)) / (Count - 1) / Count);
        }
    }

    /// <summary>The 95% interval of <see cref="Mean"/>: 1.96 standard errors to either side.</summary>
    /// <remarks>What other images of the same kind would give. An error that all images share, such as the bias of a bound, is not in it.</remarks>
    public (double Lower, double Upper) Interval => (Mean - (1.96 * StandardError), Mean + (1.96 * StandardError));
}
