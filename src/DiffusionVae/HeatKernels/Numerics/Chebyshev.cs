namespace DiffusionVae.HeatKernels;

/// <summary>A Chebyshev series on an interval, which interpolates a function at Chebyshev points.</summary>
internal sealed class Chebyshev
{
    private readonly double from;
    private readonly double to;
    private readonly double[] coefficients;

    public Chebyshev(Func<double, double> function, double from, double to, int terms)
        : this(from, to, Interpolate(function, from, to, terms))
    {
    }

    private Chebyshev(double from, double to, double[] coefficients)
    {
        this.from = from;
        this.to = to;
        this.coefficients = coefficients;
    }

    /// <summary>The value at a point of the interval, by Clenshaw's recurrence.</summary>
    public double At(double x)
    {
        double u = ((2 * x) - from - to) / (to - from);
        double next = 0;
        double afterNext = 0;
        for (int k = coefficients.Length - 1; k >= 1; k--)
        {
            (next, afterNext) = (coefficients[k] + (2 * u * next) - afterNext, next);
        }
        return coefficients[0] + (u * next) - afterNext;
    }

    /// <summary>The derivative, by c'_{k-1} = c'_{k+1} + 2k c_k.</summary>
    public Chebyshev Derivative()
    {
        int count = coefficients.Length;
        double[] slope = new double[count + 1];
        for (int k = count - 1; k >= 1; k--)
        {
            slope[k - 1] = (k + 1 < count ? slope[k + 1] : 0) + (2 * k * coefficients[k]);
        }
        slope[0] /= 2;
        double scale = 2 / (to - from);
        return new Chebyshev(from, to, [.. slope.Take(Math.Max(1, count - 1)).Select(c => c * scale)]);
    }

    /// <summary>
    /// The antiderivative that is 0 at the start of the interval, by C_k = (c_{k-1} - c_{k+1}) / (2k).
    /// </summary>
    public Chebyshev Antiderivative()
    {
        int count = coefficients.Length;
        double scale = (to - from) / 2;
        double[] integral = new double[count + 1];
        for (int k = 1; k <= count; k++)
        {
            double before = (k == 1 ? 2 : 1) * coefficients[k - 1];
            double after = k + 1 < count ? coefficients[k + 1] : 0;
            integral[k] = scale * (before - after) / (2 * k);

            // T_k(-1) = (-1)^k.
            integral[0] += int.IsEvenInteger(k) ? -integral[k] : integral[k];
        }
        return new Chebyshev(from, to, integral);
    }

    private static double[] Interpolate(Func<double, double> function, double from, double to, int terms)
    {
        double[] values = new double[terms];
        for (int j = 0; j < terms; j++)
        {
            values[j] = function(((from + to) / 2) + ((to - from) / 2 * Math.Cos(Math.PI * (j + 0.5) / terms)));
        }
        double[] coefficients = new double[terms];
        for (int k = 0; k < terms; k++)
        {
            double sum = 0;
            for (int j = 0; j < terms; j++)
            {
                sum += values[j] * Math.Cos(Math.PI * k * (j + 0.5) / terms);
            }
            coefficients[k] = (k == 0 ? 1 : 2) * sum / terms;
        }
        return coefficients;
    }
}
