namespace DiffusionVae.HeatKernels;

/// <summary>Logarithms near 1, without cancellationToken.</summary>
internal static class Entropy
{
    /// <summary>log(1 + x), accurate for small x (<see cref="double.LogP1"/> rounds 1 + x first).</summary>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        // Kahan: the rounding error of 1 + x cancels in the quotient.
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>
    /// (1 + e) log(1 + e) - e, never negative: what a density ratio of 1 + e contributes to a divergence, less a term whose mean is 0. For small
    /// e its power series, the sum over k from 2 of (-e)^k / (k (k - 1)), because the two terms cancel to e^2 / 2.
    /// </summary>
    public static double OfExcess(double excess)
    {
        const double seriesBelow = 0.1;
        const int terms = 18;
        if (Math.Abs(excess) > seriesBelow)
        {
            return ((1 + excess) * Math.Log(1 + excess)) - excess;
        }

        double sum = 0;
        for (int k = terms; k >= 2; k--)
        {
            sum = (1.0 / (k * (k - 1))) - (excess * sum);
        }

        return excess * excess * sum;
    }
}
