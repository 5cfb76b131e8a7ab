using System.Diagnostics;
using System.Runtime.InteropServices;
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
        // One transfer for the numbers of all images.
        Tensor numbers = torch.cat([terms.LogLikelihood, terms.Divergence.sum(-1), terms.SquaredError]).to(ScalarType.Float64, CPU);
        ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(numbers.bytes);
        int count = values.Length / 3;
        double logLikelihood = Sum(values[..count]), divergence = Sum(values[count..^count]);
        sums[0] += logLikelihood;
        sums[1] += divergence;
        sums[2] += Sum(values[^count..]);
        sums[^1] += count;
        return (logLikelihood - divergence) / count;
    }

    public EpochMetrics Finish(int epoch, Elbo test)
    {
        double images = sums[^1];
        return new(epoch, clock.Elapsed.TotalSeconds, (sums[0] - sums[1]) / images, sums[1] / images, sums[2] / images / test.Pixels, test);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }
        return sum;
    }
}
