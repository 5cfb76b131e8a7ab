namespace DiffusionVae.HeatKernels;

/// <summary>
/// The distribution of the geodesic distance that Brownian motion has travelled in a given time: density area times q_t, distribution function and
/// quantiles, all from one interpolation of the logarithm of the kernel. Immutable.
/// </summary>
/// <remarks>
/// The support is cut where less than 1e-17 of the probability lies beyond. Quantiles are accurate to about 1e-11 of the typical
/// distance sqrt(t) (or R, if smaller), also for probabilities as close to 0 or 1 as they can be written.
/// </remarks>
public sealed class RadialDistribution
{
    private const int InterpolationTerms = 56;
    private const int Panels = 12;

    private readonly RadialHeatKernel _kernel;
    private readonly Chebyshev _logRatio;
    private readonly double _largest;
    private readonly double[] _below = new double[Panels + 1];
    private readonly double[] _above = new double[Panels + 1];

    internal RadialDistribution(RadialHeatKernel kernel, double time)
    {
        double unitTime = Require.Between(kernel.UnitTime(time), RadialHeatKernel.SmallestUnitTime, double.MaxValue, nameof(time));
        _kernel = kernel;
        Time = time;
        _largest = kernel.NegligibleBeyond(unitTime);
        _logRatio = new Chebyshev(angle => kernel.LogRatio(unitTime, angle), 0, _largest, InterpolationTerms);
        double[] mass = [.. Enumerable.Range(0, Panels).Select(i => Mass(Edge(i), Edge(i + 1)))];
        double total = mass.Sum();
        for (int i = 0; i < Panels; i++)
        {
            // Summed from either end, so that small tails keep their digits. The total is 1 but for the accuracy of the interpolation.
            _below[i + 1] = _below[i] + (mass[i] / total);
            _above[Panels - 1 - i] = _above[Panels - i] + (mass[Panels - 1 - i] / total);
        }
    }

    /// <summary>The time t, in squared length.</summary>
    public double Time { get; }

    /// <summary>The probability of a distance of at most <paramref name="distance"/>.</summary>
    /// <param name="distance">Geodesic distance, between 0 and the diameter of the space.</param>
    /// <returns>A probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The distance is outside its range.</exception>
    public double CumulativeProbability(double distance)
    {
        Require.Between(distance, 0, _kernel.Diameter);
        double angle = Math.Min(distance / _kernel.Radius, _largest);
        int panel = Math.Min((int)(angle / _largest * Panels), Panels - 1);
        return Math.Min(1, _below[panel] + Mass(Edge(panel), angle));
    }

    /// <summary>The distance not exceeded with a given probability.</summary>
    /// <param name="probability">u, between 0 and 1.</param>
    /// <returns>The distance, in length units.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside its range.</exception>
    public double Quantile(double probability)
    {
        Require.Between(probability, 0, 1);
        return _kernel.Radius * Angle(probability, 1 - probability);
    }

    /// <summary>The angle with the given probabilities below and above, which add up to 1; the smaller one decides.</summary>
    internal double Angle(double below, double above)
    {
        bool fromBelow = below <= above;
        int panel = 0;
        while (panel < Panels - 1 && (fromBelow ? _below[panel + 1] < below : _above[panel + 1] > above))
        {
            panel++;
        }

        double wanted = fromBelow ? below - _below[panel] : _above[panel] - above;
        return SolveInPanel(panel, Math.Max(0, wanted), fromBelow ? below : above);
    }

    /// <summary>Newton's method for Mass(edge, angle) = wanted, held inside the panel by bisection.</summary>
    private double SolveInPanel(int panel, double wanted, double scale)
    {
        const double relativeTolerance = 1e-13;
        const int mostIterations = 60;
        double low = Edge(panel);
        double high = Edge(panel + 1);
        double angle = (low + high) / 2;
        for (int i = 0; i < mostIterations; i++)
        {
            double excess = Mass(Edge(panel), angle) - wanted;
            (low, high) = excess < 0 ? (angle, high) : (low, angle);
            double newton = angle - (excess / Density(angle));
            double next = newton > low && newton < high ? newton : (low + high) / 2;
            bool settled = Math.Abs(excess) <= relativeTolerance * scale || Math.Abs(next - angle) <= relativeTolerance * angle;
            angle = next;
            if (settled)
            {
                break;
            }
        }

        return angle;
    }

    private double Edge(int panel) => _largest * panel / Panels;

    private double Mass(double from, double to) => GaussLegendre.Short.Integrate(Density, from, to);

    private double Density(double angle) => Math.Exp(_kernel.LogUniformAngleDensity(angle) + _logRatio.At(angle));
}
