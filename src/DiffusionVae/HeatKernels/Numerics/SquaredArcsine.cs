using System.Numerics;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// arcsin(s)² as a power series in s²: Σ_{n≥1} (4s²)^n / (2n² binom(2n, n)). Near 0 its relative error is
/// small. By a complex logarithm only the absolute error would be.
/// </summary>
internal static class SquaredArcsine
{
    /// <summary>|s²| below which the series may be used.</summary>
    public const double Radius = 0.1;

    private static readonly double[] Coefficients = MakeCoefficients(16);

    /// <summary>arcsin(s)², for |s²| below <see cref="Radius"/>.</summary>
    public static Complex At(Complex squared)
    {
        Complex sum = Complex.Zero;
        for (int n = Coefficients.Length - 1; n >= 0; n--)
        {
            sum = (sum * squared) + Coefficients[n];
        }
        return sum * squared;
    }

    private static double[] MakeCoefficients(int count)
    {
        // From n to n + 1 the coefficient is multiplied by 4n² / ((2n + 1) (2n + 2)).
        double[] coefficients = new double[count];
        coefficients[0] = 1;
        for (int n = 1; n < count; n++)
        {
            coefficients[n] = coefficients[n - 1] * 4.0 * n * n / (((2.0 * n) + 1) * ((2.0 * n) + 2));
        }
        return coefficients;
    }
}
