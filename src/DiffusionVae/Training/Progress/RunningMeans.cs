using System.Diagnostics;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Means over the images of an epoch, gathered step by step.</summary>
internal sealed class RunningMeans
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly double[] sums;

    public RunningMeans()
        : this(new double[4])
    {
    }

    /// <summary>Continues from sums that were saved.</summary>
    public RunningMeans(double[] sums) => this.sums = sums;

    /// <summary>
    /// The sums over images of log-likelihood, divergence and squared error; then the number of images.
    /// </summary>
    public ReadOnlySpan<double> Sums => sums;

    /// <summary>Adds a batch.</summary>
    /// <returns>The mean ELBO of the batch.</returns>
    public double Add(ElboTerms terms)
    {
        using var frozen = torch.no_grad();
        long count = terms.LogLikelihood.numel();
        // One transfer for the three numbers.
        Tensor means = torch.stack([terms.LogLikelihood.mean(), terms.Divergence.sum(-1).mean(), terms.SquaredError.mean()]).cpu();
        ReadOnlySpan<float> values = means.to(ScalarType.Float32).data<float>().ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            sums[i] += count * (double)values[i];
        }
        sums[^1] += count;
        return (double)values[0] - values[1];
    }

    /// <summary>The results of the epoch.</summary>
    public EpochMetrics Finish(int epoch, ModelScore validation)
    {
        double images = sums[^1];
        return new()
        {
            Epoch = epoch,
            Seconds = clock.Elapsed.TotalSeconds,
            TrainElbo = (sums[0] - sums[1]) / images,
            TrainKl = sums[1] / images,
            TrainMse = sums[2] / images / validation.Pixels,
            Validation = validation,
        };
    }
}
