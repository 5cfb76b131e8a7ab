namespace DiffusionVae.HeatKernels;

/// <summary>The function log(1 + x), accurate for small x.</summary>
internal static class Log1p
{
    /// <summary>
    /// log(1 + x). (<see cref="double.LogP1"/> rounds 1 + x first and so loses the digits of a small x.)
    /// </summary>
    public static double Compute(double x)
    {
        double sum = 1 + x;
        // Kahan: the rounding error of 1 + x cancels in the quotient.
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
