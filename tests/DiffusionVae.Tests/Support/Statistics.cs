using static System.FormattableString;

namespace DiffusionVae.Tests;

/// <summary>Tests of samples, with tolerances that follow from their size.</summary>
internal static class Statistics
{
    /// <summary>
    /// How many standard errors a sample mean may be off: by chance once in five hundred million.
    /// </summary>
    public const double Sigmas = 6;

    /// <summary>Compares a sample mean with what it should be.</summary>
    public static void AssertMean(double expected, double mean, double standardDeviation, long count, string what)
    {
        double tolerance = (Sigmas * standardDeviation / Math.Sqrt(count)) + 1e-7;
        Assert.True(Math.Abs(mean - expected) <= tolerance, Invariant(
            $"{what}: the mean of {count} is {mean}, expected {expected} within {tolerance}."));
    }

    /// <summary>
    /// Compares a sample with a distribution function by its greatest deviation (Kolmogorov and Smirnov).
    /// </summary>
    public static void AssertDistribution(IEnumerable<double> sample, Func<double, double> distribution, string what)
    {
        double[] sorted = [.. sample.Order()];
        double n = sorted.Length;
        double deviation =
            sorted.Select((x, i) => Math.Max(Math.Abs(distribution(x) - (i / n)), Math.Abs(((i + 1) / n) - distribution(x)))).Max();
        // By chance with probability 2 exp(-2 · 3²), once in thirty million.
        double tolerance = 3 / Math.Sqrt(n);
        Assert.True(deviation <= tolerance, Invariant($"{what}: the distribution of {n} is off by {deviation}, allowed is {tolerance}."));
    }
}
