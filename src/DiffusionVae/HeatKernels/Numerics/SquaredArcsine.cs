using System.Numerics;

namespace DiffusionVae.HeatKernels;

/// <summary>
/// arcsin(s)^2 as a power series in s^2, the sum over n from 1 of (4 s^2)^n / (2 n^2 binom(2 n, n)). Near 0 it has a small relative error where a
/// complex logarithm would have a small absolute one.
/// </summary>
internal static class SquaredArcsine
{
    /// <summary>|s^2| below which the series may be used.</summary>
    public const double Radius = 0.1;

    private static readonly double[] Coefficients = MakeCoefficients(16);

    /// <summary>arcsin(s)^2, for |s^2| below <see cref="Radius"/>.</summary>
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
        // From n to n + 1 the coefficient gains the factor 4 n^2 / ((2 n + 1) (2 n + 2)).
        double[] coefficients = new double[count];
        coefficients[0] = 1;
        for (int n = 1; n < count; n++)
        {
            coefficients[n] = coefficients[n - 1] * 4.0 * n * n / (((2.0 * n) + 1) * ((2.0 * n) + 2));
        }

        return coefficients;
    }
}
