using System.Diagnostics;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>The means of an epoch, gathered step by step.</summary>
internal sealed class RunningMeans
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly double[] sums;

    public RunningMeans()
        : this(new double[4])
    {
    }

    /// <summary>Goes on from sums.</summary>
    public RunningMeans(double[] sums) => this.sums = sums;

    /// <summary>Log-likelihood, divergence and squared error summed over images, and the number of images.</summary>
    public ReadOnlySpan<double> Sums => sums;

    /// <summary>Takes in a batch, and gives its mean ELBO.</summary>
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

    public EpochMetrics Finish(int epoch, ModelScore test)
    {
        double images = sums[^1];
        return new(epoch, clock.Elapsed.TotalSeconds, (sums[0] - sums[1]) / images, sums[1] / images, sums[2] / images / test.Pixels, test);
    }
}
