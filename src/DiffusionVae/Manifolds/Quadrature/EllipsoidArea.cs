namespace DiffusionVae.Manifolds;

/// <summary>
/// The area of an ellipsoid of semi-axes a, relative to what a map of the unit sphere gives.
/// </summary>
internal static class EllipsoidArea
{
    /// <summary>The mean of |u/a| over the unit sphere.</summary>
    /// <remarks>
    /// With √q = (2π)^(-½) ∫ (1 - exp(-q x²/2)) x⁻² dx over the whole line, and normal variables for u: E|g|
    /// times the mean is that of √(Σ g_i²/a_i²), and E exp(-q x²/2) is Π (1 + x²/a_i²)^(-½). In y = log x the
    /// trapezoidal rule converges exponentially.
    /// </remarks>
    public static double MeanElement(double[] axes)
    {
        const double step = 0.05;
        double sum = 0;
        for (double y = -40; y <= 40; y += step)
        {
            double square = Math.Exp(2 * y);
            double logProduct = axes.Sum(axis => LogOnePlus(square / (axis * axis))) / -2;
            sum += -ExpMinusOne(logProduct) * Math.Exp(-y);
        }
        double meanRoot = sum * step * 2 / Math.Sqrt(2 * Math.PI);
        int n = axes.Length;
        double meanLength = Math.Sqrt(2) * Enumerable.Range(0, n - 1).Aggregate(
            1 / Math.Sqrt(Math.PI), (ratio, i) => (i + 1) / 2.0 / ratio);
        return meanRoot / meanLength;
    }

    private static double LogOnePlus(double x) => x < 1e-4 ? x * (1 - (x / 2 * (1 - (x * 2 / 3)))) : Math.Log(1 + x);

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-4 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;
}
