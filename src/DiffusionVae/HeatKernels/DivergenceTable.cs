namespace DiffusionVae.HeatKernels;

/// <summary>
/// A table of log KL as a function of log t: polynomials of degree five on cells of equal width.
/// </summary>
/// <remarks>
/// <para>
/// For large t the divergence decays like exp(-λ t). Its logarithm stays smooth, so that the value and the
/// derivative keep their full relative accuracy, in single precision too. The table and its first two
/// derivatives are continuous.
/// </para>
/// <para>
/// With cell = ⌊(log t - Start) / Step⌋ and u = (log t - Start) / Step - cell, between 0 and 1, log KL = Σ_k
/// c[cell, k] u^k. Its derivative with respect to log t is that of the polynomial, divided by Step. Below the
/// range use <see cref="ShortTimeExpansion"/>: its error is of the order of t², which is 1e-12 at t = 1e-6 on
/// the unit spheres.
/// </para>
/// </remarks>
/// <threadsafety>Immutable; safe to share between threads.</threadsafety>
internal sealed class DivergenceTable
{
    /// <summary>Degree of the polynomials.</summary>
    public const int Degree = 5;

    /// <summary>Smallest time of the default range.</summary>
    public const double DefaultShortestTime = 1e-6;

    /// <summary>Largest time of the default range.</summary>
    public const double DefaultLongestTime = 1e3;

    private const int Pieces = 8;
    private const int CellsPerPiece = 32;
    private const int TermsPerPiece = 32;

    private readonly double[] coefficients;

    /// <summary>Tabulates a function.</summary>
    /// <param name="logDivergence">log KL as a function of log t, analytic; called a few hundred
    /// times.</param>
    /// <param name="shortestTime">Where the table begins, positive.</param>
    /// <param name="longestTime">Where it ends, larger than <paramref name="shortestTime"/>.</param>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or does not consist of positive
    /// finite times.</exception>
    public DivergenceTable(
        Func<double, double> logDivergence, double shortestTime = DefaultShortestTime, double longestTime = DefaultLongestTime)
    {
        ArgumentNullException.ThrowIfNull(logDivergence);
        Guard.PositiveFinite(shortestTime);
        Guard.PositiveFinite(longestTime);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longestTime, shortestTime);
        Start = Math.Log(shortestTime);
        Cells = Pieces * CellsPerPiece;
        Step = (Math.Log(longestTime) - Start) / Cells;
        coefficients = Tabulate(logDivergence);
    }

    /// <summary>log t where the first cell begins.</summary>
    public double Start { get; }

    /// <summary>Width of a cell in log t.</summary>
    public double Step { get; }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>log t where the last cell ends.</summary>
    public double End => Start + (Cells * Step);

    /// <summary>
    /// A copy of the coefficients: a row of Degree + 1 numbers for each cell, beginning with the constant.
    /// </summary>
    /// <returns>Cells * (Degree + 1) numbers, row by row.</returns>
    public double[] CopyCoefficients() => [.. coefficients];

    /// <summary>log KL at a time.</summary>
    /// <param name="logTime">log t, between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <returns>log KL.</returns>
    /// <exception cref="ArgumentOutOfRangeException">log t is outside the table.</exception>
    public double LogDivergence(double logTime) => Polynomial(logTime).Value;

    /// <summary>KL at a time.</summary>
    /// <param name="logTime">log t, between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <returns>KL in nats, never negative.</returns>
    /// <exception cref="ArgumentOutOfRangeException">log t is outside the table.</exception>
    public double Divergence(double logTime) => Math.Exp(LogDivergence(logTime));

    /// <summary>The derivative of KL with respect to log t.</summary>
    /// <param name="logTime">log t, between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <returns>dKL / d log t, in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">log t is outside the table.</exception>
    public double Slope(double logTime) => Evaluate(logTime).AlongLogTime;

    /// <summary>KL and its slope at a time in the table.</summary>
    internal DivergenceSlopes Evaluate(double logTime)
    {
        (double value, double slope) = Polynomial(logTime);
        double divergence = Math.Exp(value);
        return new DivergenceSlopes(divergence, divergence * slope, 0);
    }

    private (double Value, double Slope) Polynomial(double logTime)
    {
        Guard.Between(logTime, Start, End);
        double position = (logTime - Start) / Step;
        int cell = Math.Min((int)position, Cells - 1);
        double u = position - cell;
        double value = 0;
        double slope = 0;
        for (int k = Degree; k >= 0; k--)
        {
            slope = (slope * u) + value;
            value = (value * u) + coefficients[(cell * (Degree + 1)) + k];
        }
        return (value, slope / Step);
    }

    private double[] Tabulate(Func<double, double> function)
    {
        var jets = new Jet[Cells + 1];
        for (int piece = 0; piece < Pieces; piece++)
        {
            int first = piece * CellsPerPiece;
            var value = new Chebyshev(function, Start + (first * Step), Start + ((first + CellsPerPiece) * Step), TermsPerPiece);
            Chebyshev slope = value.Derivative();
            Chebyshev curvature = slope.Derivative();
            for (int i = 0; i <= CellsPerPiece; i++)
            {
                double logTime = Start + ((first + i) * Step);
                jets[first + i] = new Jet(value.At(logTime), Step * slope.At(logTime), Step * Step * curvature.At(logTime));
            }
        }
        return [.. Enumerable.Range(0, Cells).SelectMany(i => Hermite(jets[i], jets[i + 1]))];
    }

    /// <summary>
    /// The polynomial of degree five on [0, 1] with given value, first and second derivative at both ends.
    /// </summary>
    private static double[] Hermite(Jet left, Jet right)
    {
        double rise = right.Value - left.Value - left.Slope - (left.Curvature / 2);
        double slopeRise = right.Slope - left.Slope - left.Curvature;
        double curvatureRise = right.Curvature - left.Curvature;
        return
        [
            left.Value,
            left.Slope,
            left.Curvature / 2,
            (10 * rise) - (4 * slopeRise) + (curvatureRise / 2),
            (-15 * rise) + (7 * slopeRise) - curvatureRise,
            (6 * rise) - (3 * slopeRise) + (curvatureRise / 2),
        ];
    }

    /// <summary>Value and derivatives with respect to the local coordinate.</summary>
    private readonly record struct Jet(double Value, double Slope, double Curvature);
}
