namespace DiffusionVae.HeatKernels;

/// <summary>
/// The distribution of the geodesic distance that Brownian motion has travelled in a given time: its distribution function and its quantiles, from
/// Chebyshev interpolation of its density, area times q_t, on panels. Immutable.
/// </summary>
/// <remarks>
/// The support is cut where less than 1e-17 of the probability lies beyond. Quantiles are accurate to about 1e-10 of the typical distance sqrt(t) (or
/// R, if smaller), also for probabilities as close to 0 or 1 as they can be written. Making one costs some 240 evaluations of the density, a quantile
/// about a microsecond.
/// </remarks>
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
        this.density = [.. Enumerable.Range(0, Panels).Select(i => new Chebyshev(Density, Edge(i), Edge(i + 1), TermsPerPanel))];
        mass = [.. this.density.Select(density => density.Antiderivative())];

        // Summed from either end, so that small tails keep their digits.
        for (int i = 0; i < Panels; i++)
        {
            int j = Panels - 1 - i;
            this.below[i + 1] = this.below[i] + mass[i].At(Edge(i + 1));
            this.above[j] = this.above[j + 1] + mass[j].At(Edge(j + 1));
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
        Require.Between(distance, 0, this.kernel.Diameter);
        double angle = Math.Min(distance / this.kernel.Radius, largest);
        int panel = Math.Min((int)(angle / largest * Panels), Panels - 1);
        return Math.Min(1, this.below[panel] + mass[panel].At(angle));
    }

    /// <summary>The distance not exceeded with a given probability.</summary>
    /// <param name="probability">u, between 0 and 1.</param>
    /// <returns>The distance, in length units.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside its range.</exception>
    public double Quantile(double probability)
    {
        Require.Between(probability, 0, 1);
        return this.kernel.Radius * Angle(probability, 1 - probability);
    }

    /// <summary>The angle with the given probabilities below and above, which add up to 1; the smaller one decides.</summary>
    internal double Angle(double below, double above)
    {
        if (below == 0)
        {
            return 0;
        }

        bool fromBelow = below <= above;
        int panel = 0;
        while (panel < Panels - 1 && (fromBelow ? this.below[panel + 1] < below : this.above[panel + 1] > above))
        {
            panel++;
        }

        double wanted = fromBelow ? below - this.below[panel] : this.above[panel] - above;
        return SolveInPanel(panel, Math.Max(0, wanted), fromBelow ? below : above);
    }

    /// <summary>Newton's method for mass = wanted, held inside the panel by bisection.</summary>
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
            double newton = angle - (excess / this.density[panel].At(angle));
            angle = newton >= low && newton <= high ? newton : (low + high) / 2;
        }

        return angle;
    }

    private double Edge(int panel) => largest * panel / Panels;
}
