namespace DiffusionVae.HeatKernels;

/// <summary>
/// A table of the divergence of a <see cref="RingTorusHeatKernel"/>, a smooth function of the tube angle u
/// and of log t.
/// </summary>
/// <remarks>
/// <para>
/// The table holds log KL: its exponential is positive whatever the rounding, and keeps its relative accuracy
/// as KL decays. Since log KL is even in u, it is a cosine series. The coefficients of the series are
/// polynomials in log t on cells of equal width:
/// </para>
/// <code>
/// y = (log t - Start) / Step,   c = min(⌊y⌋, Cells - 1),   x = y - c - 1/2   in [-1/2, 1/2],
/// KL = exp(Σ_p Σ_m Coefficients[(c (Degree + 1) + p) Modes + m] x^p cos(mu)), over powers p and modes m.
/// </code>
/// <para>
/// The cosines follow from cos u alone: cos((m+1)u) = 2 cos u cos(mu) - cos((m-1)u). Outside the table, clamp
/// log t.
/// </para>
/// <para>
/// For R of at least 3r, the error of log KL is below 1e-7. On narrower rings the error of KL is below 2e-6
/// nats. There the slowest eigenfunction has zeros near the inner equator, where log KL dips sharply at large
/// times: KL below 1e-3 has errors of up to 1%.
/// </para>
/// </remarks>
/// <threadsafety>Immutable; safe to share between threads.</threadsafety>
internal sealed class RingTorusDivergenceTable
{
    /// <summary>The default of the smallest log t.</summary>
    public const double DefaultStart = -14;

    /// <summary>The default of the largest log t.</summary>
    public const double DefaultEnd = 7;

    /// <summary>The width of a cell in log t.</summary>
    public const double Step = 0.5;

    /// <summary>The degree of the polynomials in x.</summary>
    public const int Degree = 6;

    /// <summary>Trailing cosines whose coefficients are smaller than this everywhere are dropped.</summary>
    private const double Tolerance = 1e-8;

    private readonly double[] coefficients;

    /// <summary>Tabulates the divergence between two times.</summary>
    /// <param name="kernel">The heat kernel.</param>
    /// <param name="start">The smallest log t, finite.</param>
    /// <param name="end">The largest log t, greater than <paramref name="start"/>; rounded up to a whole
    /// number of cells.</param>
    /// <exception cref="ArgumentNullException">The kernel is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The end is not greater than the start, or one of them is
    /// not finite.</exception>
    public RingTorusDivergenceTable(RingTorusHeatKernel kernel, double start = DefaultStart, double end = DefaultEnd)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Guard.Finite(start);
        Guard.Finite(end);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        Start = start;
        Cells = (int)Math.Ceiling((end - start) / Step);
        double[][] cosines = Enumerable.Range(0, Cells * (Degree + 1)).Select(row => CosineCoefficients(kernel, NodeTime(row))).ToArray();
        Modes = 1 + Array.FindLastIndex(
            Enumerable.Range(0, cosines[0].Length).ToArray(),
            mode => mode == 0 || cosines.Any(row => Math.Abs(row[mode]) > Tolerance));
        coefficients = Monomials(cosines);
    }

    /// <summary>log t at the left end of the first cell.</summary>
    public double Start { get; }

    /// <summary>The number of cells.</summary>
    public int Cells { get; }

    /// <summary>log t at the right end of the last cell.</summary>
    public double End => Start + (Cells * Step);

    /// <summary>The number of cosines 1, cos u, ..., cos((Modes - 1) u).</summary>
    public int Modes { get; }

    /// <summary>
    /// The coefficients, of shape [<see cref="Cells"/>, <see cref="Degree"/> + 1, <see cref="Modes"/>], the
    /// last index fastest.
    /// </summary>
    public ReadOnlySpan<double> Coefficients => coefficients;

    /// <summary>KL in nats from the table.</summary>
    /// <param name="logTime">log t, between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <param name="u">The tube angle, in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">log t is outside the table.</exception>
    public double Divergence(double logTime, double u) => Math.Exp(LogDivergence(logTime, u));

    /// <summary>The logarithm of <see cref="Divergence"/>.</summary>
    /// <inheritdoc cref="Divergence"/>
    public double LogDivergence(double logTime, double u) => Series(logTime, Math.Cos(u)).Value;

    /// <summary>KL and its slopes, at a time in the table and a cosine between -1 and 1.</summary>
    internal DivergenceSlopes Evaluate(double logTime, double cosine)
    {
        (double value, double alongLogTime, double alongCosine) = Series(logTime, cosine);
        double divergence = Math.Exp(value);
        return new DivergenceSlopes(divergence, divergence * alongLogTime, divergence * alongCosine);
    }

    private (double Value, double AlongLogTime, double AlongCosine) Series(double logTime, double cosine)
    {
        Guard.Between(logTime, Start, End);
        double position = (logTime - Start) / Step;
        int cell = Math.Min((int)position, Cells - 1);
        double x = position - cell - 0.5;
        ReadOnlySpan<double> cellCoefficients = coefficients.AsSpan(cell * (Degree + 1) * Modes, (Degree + 1) * Modes);
        // cos(mu) and sin(mu) / sin u, each also for m - 1. The derivative of cos(mu) with respect to cos u
        // is m sin(mu) / sin u.
        (double cosines, double cosinesBefore, double sines, double sinesBefore) = (1, cosine, 0, -1);
        (double sum, double alongLogTime, double alongCosine) = (0, 0, 0);
        for (int mode = 0; mode < Modes; mode++)
        {
            (double value, double slope) = (0, 0);
            for (int at = (Degree * Modes) + mode; at >= 0; at -= Modes)
            {
                slope = (slope * x) + value;
                value = (value * x) + cellCoefficients[at];
            }
            sum += value * cosines;
            alongLogTime += slope * cosines;
            alongCosine += value * mode * sines;
            (cosines, cosinesBefore) = ((2 * cosine * cosines) - cosinesBefore, cosines);
            (sines, sinesBefore) = ((2 * cosine * sines) - sinesBefore, sines);
        }
        return (sum, alongLogTime / Step, alongCosine);
    }

    /// <summary>Chebyshev's nodes on [-1/2, 1/2].</summary>
    private static double Node(int index) => Math.Cos(Math.PI * (index + 0.5) / (Degree + 1)) / 2;

    private double NodeTime(int row) => Math.Exp(Start + (Step * ((row / (Degree + 1)) + 0.5 + Node(row % (Degree + 1)))));

    /// <summary>Interpolates log KL in cos u at Chebyshev's nodes, by a discrete cosine transform.</summary>
    private static double[] CosineCoefficients(RingTorusHeatKernel kernel, double time)
    {
        // The functions of u are analytic except near cos u = -R/r, so the coefficients of the cosines decay
        // at the rate acosh(R/r).
        int points = 4 + (int)Math.Ceiling(18 / Math.Acosh(kernel.CoreRadius / kernel.TubeRadius));
        double[] values = [.. Enumerable.Range(0, points).Select(i => kernel.LogDivergence(time, Math.PI * (i + 0.5) / points))];
        var coefficients = new double[points];
        for (int mode = 0; mode < points; mode++)
        {
            for (int i = 0; i < points; i++)
            {
                coefficients[mode] += values[i] * Math.Cos(mode * Math.PI * (i + 0.5) / points) * (mode == 0 ? 1 : 2) / points;
            }
        }
        return coefficients;
    }

    /// <summary>The polynomials through the values at the nodes, as coefficients of powers of x.</summary>
    private double[] Monomials(double[][] cosines)
    {
        double[][] basis = [.. Enumerable.Range(0, Degree + 1).Select(LagrangePolynomial)];
        var monomials = new double[Cells * (Degree + 1) * Modes];
        for (int row = 0; row < cosines.Length; row++)
        {
            double[] lagrange = basis[row % (Degree + 1)];
            int cell = row / (Degree + 1);
            for (int power = 0; power <= Degree; power++)
            {
                for (int mode = 0; mode < Modes; mode++)
                {
                    monomials[(((cell * (Degree + 1)) + power) * Modes) + mode] += lagrange[power] * cosines[row][mode];
                }
            }
        }
        return monomials;
    }

    /// <summary>The coefficients of the polynomial that is 1 at one node and 0 at the others.</summary>
    private static double[] LagrangePolynomial(int node)
    {
        var coefficients = new double[Degree + 1];
        coefficients[0] = 1;
        for (int other = 0; other <= Degree; other++)
        {
            if (other == node)
            {
                continue;
            }
            double scale = 1 / (Node(node) - Node(other));
            for (int power = Degree; power >= 0; power--)
            {
                coefficients[power] = scale * ((power > 0 ? coefficients[power - 1] : 0) - (Node(other) * coefficients[power]));
            }
        }
        return coefficients;
    }
}
