namespace DiffusionVae.HeatKernels;

/// <summary>The divergence of a <see cref="RingTorusHeatKernel"/>, tabulated once as a smooth function of the tube angle u and of log t.</summary>
/// <remarks>
/// <para>
/// What is tabulated is log KL: its exponential is not negative whatever the rounding, and keeps its relative accuracy as KL decays. It is
/// even in u, so a cosine series serves, whose coefficients are polynomials in log t on cells of equal width:
/// </para>
/// <code>
/// y = (log t - Start) / Step,   c = min(floor(y), Cells - 1),   x = y - c - 1/2   in [-1/2, 1/2],
/// KL = exp(sum over powers p and modes m of Coefficients[(c (Degree + 1) + p) Modes + m] x^p cos(m u)).
/// </code>
/// <para>
/// The cosines need no angle but only cos u: cos((m+1) u) = 2 cos u cos(m u) - cos((m-1) u). Outside the table, clamp log t.
/// </para>
/// <para>
/// For R of at least 3r, log KL is within 1e-7 of the kernel's. On narrower rings KL itself is, to 2e-6 nats; there the slowest
/// eigenfunction has zeros near the inner equator, where log KL dips sharply at large times: values of KL below 1e-3 are off by up to 1%.
/// </para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed class RingTorusDivergenceTable
{
    /// <summary>The default of the earliest log t.</summary>
    public const double DefaultStart = -14;

    /// <summary>The default of the latest log t.</summary>
    public const double DefaultEnd = 7;

    /// <summary>The width of a cell in log t.</summary>
    public const double Step = 0.5;

    /// <summary>The degree of the polynomials in x.</summary>
    public const int Degree = 6;

    /// <summary>Cosines are dropped from the first that is, with all after it, smaller than this everywhere.</summary>
    private const double Tolerance = 1e-8;

    private readonly double[] coefficients;

    /// <summary>Tabulates the divergence between two times.</summary>
    /// <param name="kernel">The heat kernel.</param>
    /// <param name="start">The earliest log t.</param>
    /// <param name="end">The latest log t, after the earliest; rounded up to a whole number of cells.</param>
    /// <exception cref="ArgumentNullException">The kernel is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The end is not after the start, or one of them is not finite.</exception>
    public RingTorusDivergenceTable(RingTorusHeatKernel kernel, double start = DefaultStart, double end = DefaultEnd)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (!(double.IsFinite(start) && double.IsFinite(end) && start < end))
        {
            throw new ArgumentOutOfRangeException(
                nameof(end), end, FormattableString.Invariant($"The range of log t must be finite and end after its start, {start}."));
        }

        Start = start;
        Cells = (int)Math.Ceiling((end - start) / Step);
        double[][] cosines = Enumerable.Range(0, Cells * (Degree + 1)).Select(row => CosineCoefficients(kernel, NodeTime(row))).ToArray();
        Modes = 1 + Array.FindLastIndex(
            Enumerable.Range(0, cosines[0].Length).ToArray(),
            mode => mode == 0 || cosines.Any(row => Math.Abs(row[mode]) > Tolerance));
        this.coefficients = Monomials(cosines);
    }

    /// <summary>log t at the left end of the first cell.</summary>
    public double Start { get; }

    /// <summary>The number of cells.</summary>
    public int Cells { get; }

    /// <summary>log t at the right end of the last cell.</summary>
    public double End => Start + (Cells * Step);

    /// <summary>The number of cosines 1, cos u, ..., cos((Modes - 1) u).</summary>
    public int Modes { get; }

    /// <summary>The coefficients, of shape [<see cref="Cells"/>, <see cref="Degree"/> + 1, <see cref="Modes"/>], the last index fastest.</summary>
    public ReadOnlySpan<double> Coefficients => this.coefficients;

    /// <summary>KL in nats from the table.</summary>
    /// <param name="logTime">log t, between <see cref="Start"/> and <see cref="End"/>.</param>
    /// <param name="u">The tube angle, in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">log t is outside the table.</exception>
    public double Divergence(double logTime, double u) => Math.Exp(LogDivergence(logTime, u));

    /// <summary>The logarithm of <see cref="Divergence"/>.</summary>
    /// <inheritdoc cref="Divergence"/>
    public double LogDivergence(double logTime, double u) => Series(logTime, Math.Cos(u)).Value;

    /// <summary>KL with its slopes, at a time in the table and a cosine between -1 and 1.</summary>
    internal DivergenceSlopes Evaluate(double logTime, double cosine)
    {
        (double value, double alongLogTime, double alongCosine) = Series(logTime, cosine);
        double divergence = Math.Exp(value);
        return new DivergenceSlopes(divergence, divergence * alongLogTime, divergence * alongCosine);
    }

    private (double Value, double AlongLogTime, double AlongCosine) Series(double logTime, double cosine)
    {
        if (!(logTime >= Start && logTime <= End))
        {
            throw new ArgumentOutOfRangeException(nameof(logTime), logTime, FormattableString.Invariant($"log t must be between {Start} and {End}."));
        }

        double position = (logTime - Start) / Step;
        int cell = Math.Min((int)position, Cells - 1);
        double x = position - cell - 0.5;
        ReadOnlySpan<double> cellCoefficients = this.coefficients.AsSpan(cell * (Degree + 1) * Modes, (Degree + 1) * Modes);
        // cos(m u), and sin(m u) / sin u, of which m times the latter is the derivative of the former with respect to cos u; and of m - 1.
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

    /// <summary>Interpolates log KL in cos u at Chebyshev's nodes, for which a discrete cosine transform suffices.</summary>
    private static double[] CosineCoefficients(RingTorusHeatKernel kernel, double time)
    {
        // The functions of u are analytic where cos u is not near -R/r: acosh(R/r) is the rate at which cosines decay.
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

    /// <summary>The polynomials through the values at the nodes, by powers of x.</summary>
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
