namespace DiffusionVae.HeatKernels;

/// <summary>
/// The relative entropy of a density ratio 1 + e, where the mean of the excess e is 0: the mean of (1 + e)
/// log(1 + e) - e.
/// </summary>
/// <remarks>
/// The integrand is never negative. Its two terms cancel to e² / 2 for small e, so there its power series is
/// summed: Σ_{k≥2} (-e)^k / (k (k - 1)).
/// </remarks>
internal static class RelativeEntropy
{
    /// <summary>(1 + e) log(1 + e) - e, never negative.</summary>
    public static double OfExcess(double excess)
    {
        const double seriesBelow = 0.1;
        const int terms = 18;
        return Math.Abs(excess) > seriesBelow
            ? ((1 + excess) * Math.Log(1 + excess)) - excess
            : excess * excess * Series(excess, terms);
    }

    /// <summary>
    /// ((1 + e) log(1 + e) - e) / scale² for e = scale ε, which stays accurate where e² underflows. Where a
    /// truncated series gives 1 + e ≤ 0, the density ratio counts as 0.
    /// </summary>
    public static double OfScaledExcess(double epsilon, double scale)
    {
        const double seriesBelow = 0.02;
        const int terms = 8;
        double e = scale * epsilon;
        if (Math.Abs(e) <= seriesBelow)
        {
            return Series(e, terms) * epsilon * epsilon;
        }
        double ratio = 1 + e;
        return ((ratio > 0 ? ratio * Math.Log(ratio) : 0) - e) / (scale * scale);
    }

    /// <summary>((1 + e) log(1 + e) - e) / e² up to the power e^(terms - 2).</summary>
    private static double Series(double e, int terms)
    {
        double sum = 0;
        for (int k = terms; k >= 2; k--)
        {
            sum = (1.0 / (k * (k - 1))) - (e * sum);
        }
        return sum;
    }
}
