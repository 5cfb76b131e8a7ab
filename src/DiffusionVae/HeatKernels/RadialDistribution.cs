namespace DiffusionVae.HeatKernels;

/// <summary>
/// The distribution of the geodesic distance that Brownian motion travels in a given time: its distribution
/// function and quantiles.
/// </summary>
/// <remarks>
/// The density, area times q_t, is interpolated on panels by Chebyshev polynomials. The support is cut where
/// less than 1e-17 of the probability lies beyond. Quantiles are accurate to about 1e-10 of the typical
/// distance √t (or of R, if that is smaller), for every probability that a double can hold. To create a
/// distribution takes 240 evaluations of the density.
/// </remarks>
/// <threadsafety>Immutable; safe to share between threads.</threadsafety>
public sealed class RadialDistribution
{
    private const int Panels = 12;
    private const int TermsPerPanel = 20;

    private readonly RadialHeatKernel kernel;
    private readonly double largest;
    private readonly Chebyshev[] density;
    private readonly Chebyshev[] mass;
    private readonly double[] below = new double[Panels + 1];
    private readonly double[] above = new double[Panels + 1];

    internal RadialDistribution(RadialHeatKernel kernel, double time)
    {
        double unitTime = kernel.UnitTime(time);
        this.kernel = kernel;
        Time = time;
        largest = kernel.NegligibleBeyond(unitTime);
        density = [.. Enumerable.Range(0, Panels).Select(i => new Chebyshev(Density, Edge(i), Edge(i + 1), TermsPerPanel))];
        mass = [.. density.Select(density => density.Antiderivative())];

        // Each sum starts at its own end, so that small tails keep their digits.
        for (int i = 0; i < Panels; i++)
        {
            int j = Panels - 1 - i;
            below[i + 1] = below[i] + mass[i].At(Edge(i + 1));
            above[j] = above[j + 1] + mass[j].At(Edge(j + 1));
        }
        double Density(double angle) => Math.Exp(kernel.LogUniformAngleDensity(angle) + kernel.LogRatio(unitTime, angle));
    }

    /// <summary>The time t, in squared length.</summary>
    public double Time { get; }

    /// <summary>The probability of a distance of at most <paramref name="distance"/>.</summary>
    /// <param name="distance">Geodesic distance, between 0 and the diameter of the space.</param>
    /// <returns>A probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The distance is outside its range.</exception>
    public double CumulativeProbability(double distance)
    {
        Guard.Between(distance, 0, kernel.Diameter);
        double angle = Math.Min(distance / kernel.Radius, largest);
        int panel = Math.Min((int)(angle / largest * Panels), Panels - 1);
        return Math.Min(1, below[panel] + mass[panel].At(angle));
    }

    /// <summary>The quantile function: the distance that is not exceeded with a given probability.</summary>
    /// <param name="probability">u, between 0 and 1.</param>
    /// <returns>The distance, in length units.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside its range.</exception>
    public double Quantile(double probability)
    {
        Guard.Between(probability, 0, 1);
        return kernel.Radius * Angle(probability, 1 - probability);
    }

    /// <summary>
    /// The angle with the given probabilities below and above it. They add up to 1; the smaller one is used.
    /// </summary>
    internal double Angle(double lower, double upper)
    {
        if (lower == 0)
        {
            return 0;
        }
        bool fromBelow = lower <= upper;
        int panel = 0;
        while (panel < Panels - 1 && (fromBelow ? below[panel + 1] < lower : above[panel + 1] > upper))
        {
            panel++;
        }
        double wanted = fromBelow ? lower - below[panel] : above[panel] - upper;
        return SolveInPanel(panel, Math.Max(0, wanted), fromBelow ? lower : upper);
    }

    /// <summary>Solves mass = wanted by Newton's method, kept inside the panel by bisection.</summary>
    private double SolveInPanel(int panel, double wanted, double scale)
    {
        const double relativeTolerance = 1e-13;
        const int mostIterations = 60;
        double low = Edge(panel);
        double high = Edge(panel + 1);
        double angle = (low + high) / 2;
        for (int i = 0; i < mostIterations; i++)
        {
            double excess = mass[panel].At(angle) - wanted;
            if (Math.Abs(excess) <= relativeTolerance * scale)
            {
                break;
            }
            (low, high) = excess < 0 ? (angle, high) : (low, angle);
            double newton = angle - (excess / density[panel].At(angle));
            angle = newton >= low && newton <= high ? newton : (low + high) / 2;
        }
        return angle;
    }

    private double Edge(int panel) => largest * panel / Panels;
}
