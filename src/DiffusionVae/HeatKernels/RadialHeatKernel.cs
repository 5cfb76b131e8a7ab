namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of a compact two-point-homogeneous space: the transition density of Brownian motion
/// (generator Δ/2). It is a function of time and geodesic distance alone.
/// </summary>
/// <remarks>
/// <para>
/// Times are in squared length, distances in length, logarithms of densities and divergences in nats. Scaling
/// by the radius R is exact: a time t on the space of radius R is the time t / R² on the space of radius 1.
/// </para>
/// <para>
/// There are two ways of summing, which meet where both have full precision. For large times, when the
/// density is at most twice the uniform one, the spectral series of the difference from the uniform density
/// is summed: even a divergence of 1e-300 keeps its digits. For small times the sum goes over geodesics, as
/// images of a Gaussian: it keeps its relative accuracy however far out in the tail. Logarithms of densities
/// are accurate to about 1e-13, or to 1e-15 of their own size where that is more, for t / R² from 1e-7 on and
/// dimensions up to 100.
/// </para>
/// </remarks>
/// <threadsafety>
/// Safe to share between threads. The tables for <see cref="DivergenceTable"/> and
/// <see cref="SampleDistance"/> are built once, when first needed, and kept.
/// </threadsafety>
public abstract class RadialHeatKernel
{
    /// <summary>
    /// Below this excess over the uniform density, the divergence is half the variance of the excess, to 1e-9
    /// of itself.
    /// </summary>
    private const double NegligibleExcess = 1e-9;

    private const int Panels = 2;

    private readonly GegenbauerSeries series;
    private readonly double logUnitSphereArea;
    private readonly Lazy<RadialQuantileTable> quantiles;
    private readonly Lazy<DivergenceTable> divergences;

    private protected RadialHeatKernel(int dimension, double radius, double largestAngle, double logUnitVolume, GegenbauerSeries series)
    {
        Dimension = dimension;
        Radius = radius;
        LargestAngle = largestAngle;
        LogVolume = logUnitVolume + (dimension * Math.Log(radius));
        this.series = series;
        logUnitSphereArea = UnitSphere.LogVolume(dimension - 1);
        quantiles = new Lazy<RadialQuantileTable>(() => new RadialQuantileTable(this));
        divergences = new Lazy<DivergenceTable>(() => new DivergenceTable(logTime => LogDivergence(Math.Exp(logTime))));
    }

    /// <summary>Dimension d of the space.</summary>
    public int Dimension { get; }

    /// <summary>Radius R of the sphere that is, or that covers, the space.</summary>
    public double Radius { get; }

    /// <summary>
    /// The largest geodesic distance between two points: πR on a sphere, πR/2 on a projective space.
    /// </summary>
    public double Diameter => LargestAngle * Radius;

    /// <summary>Logarithm of the Riemannian volume.</summary>
    public double LogVolume { get; }

    /// <summary>
    /// A table of the divergence for t from 1e-6 to 1e3. It is built on first use and kept.
    /// </summary>
    internal DivergenceTable DivergenceTable => divergences.Value;

    /// <summary>The largest distance in units of the radius.</summary>
    internal double LargestAngle { get; }

    /// <summary>The t / R² from which on the spectral series is used.</summary>
    internal double Crossover => series.Crossover;

    /// <summary>Creates the heat kernel of a sphere.</summary>
    /// <param name="dimension">d, at least 1; tested up to 100.</param>
    /// <param name="radius">R, positive and finite.</param>
    /// <returns>The kernel; for d = 1 that of a circle.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static RadialHeatKernel Sphere(int dimension, double radius = 1) =>
        dimension == 1 ? new CircleHeatKernel(radius) : new SphereHeatKernel(dimension, radius);

    /// <summary>
    /// Creates the heat kernel of a real projective space, a sphere with antipodes identified.
    /// </summary>
    /// <remarks>
    /// The rotation group SO(3), with the Frobenius metric of 3 × 3 matrices, is the space of dimension 3 and
    /// radius 2√2.
    /// </remarks>
    /// <param name="dimension">d, at least 1; tested up to 100.</param>
    /// <param name="radius">R, the radius of the covering sphere, positive and finite.</param>
    /// <returns>The kernel.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static RadialHeatKernel Projective(int dimension, double radius = 1) => new ProjectiveHeatKernel(dimension, radius);

    /// <summary>
    /// Logarithm of the transition density with respect to the Riemannian volume.
    /// </summary>
    /// <param name="time">t, positive and finite.</param>
    /// <param name="distance">Geodesic distance, between 0 and <see cref="Diameter"/>.</param>
    /// <returns>log q_t, finite at every distance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double LogDensity(double time, double distance) => LogDensityRatio(time, distance) - LogVolume;

    /// <summary>Logarithm of the transition density relative to the uniform one: log(q_t Vol(M)).</summary>
    /// <param name="time">t, positive and finite.</param>
    /// <param name="distance">Geodesic distance, between 0 and <see cref="Diameter"/>.</param>
    /// <returns>The logarithm. It tends to 0 for large times, without loss of digits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double LogDensityRatio(double time, double distance)
    {
        double unitTime = UnitTime(time);
        return LogRatio(unitTime, Angle(distance));
    }

    /// <summary>
    /// Divergence of the transition density from the uniform one, KL(q_t || uniform).
    /// </summary>
    /// <param name="time">t, positive and finite.</param>
    /// <returns>The divergence in nats, never negative; it underflows to 0 for very large times.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite.</exception>
    public double Divergence(double time) => Math.Exp(LogDivergence(time));

    /// <summary>Logarithm of <see cref="Divergence"/>, which does not underflow.</summary>
    /// <param name="time">t, positive and finite.</param>
    /// <returns>log KL. For large t it is close to log(m/2) - λt, where m is the multiplicity of the smallest
    /// positive eigenvalue λ.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite.</exception>
    public double LogDivergence(double time)
    {
        double unitTime = UnitTime(time);
        bool late = unitTime >= series.Crossover;
        if (late && series.LogPeakExcess(unitTime) < Math.Log(NegligibleExcess))
        {
            // Under the uniform density the excess e has mean 0. By Parseval, its variance is e at the pole
            // after twice the time.
            return series.LogPeakExcess(2 * unitTime) - Math.Log(2);
        }
        return Math.Log(Integrate(unitTime, late ? UniformTimesEntropy : DensityTimesLogRatio));

        double UniformTimesEntropy(double angle) =>
            Math.Exp(LogUniformAngleDensity(angle)) * RelativeEntropy.OfExcess(series.Excess(unitTime, angle));

        double DensityTimesLogRatio(double angle)
        {
            double logRatio = LogRatio(unitTime, angle);
            return Math.Exp(LogUniformAngleDensity(angle) + logRatio) * logRatio;
        }
    }

    /// <summary>
    /// The expected cosine of the angle between start and end, E cos(distance / R).
    /// </summary>
    /// <param name="time">t, positive and finite.</param>
    /// <returns>The expectation; on a sphere exp(-d t / (2R²)).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite.</exception>
    public virtual double MeanCosine(double time)
    {
        double unitTime = UnitTime(time);
        return Integrate(unitTime, angle => Math.Exp(LogUniformAngleDensity(angle) + LogRatio(unitTime, angle)) * Math.Cos(angle));
    }

    /// <summary>
    /// Logarithm of the (d-1)-dimensional area of the geodesic sphere of a radius: log(Vol(S^(d-1)) (R
    /// sin(distance / R))^(d-1)). Area times density is the density of the distance.
    /// </summary>
    /// <param name="distance">Geodesic distance, between 0 and <see cref="Diameter"/>.</param>
    /// <returns>The logarithm; negative infinity at distance 0. For d = 1 it is log 2 throughout.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The distance is outside its range.</exception>
    internal double LogAreaOfGeodesicSphere(double distance) =>
        LogUnitArea(Angle(distance)) + ((Dimension - 1) * Math.Log(Radius));

    /// <summary>The distribution of the distance travelled in a given time.</summary>
    /// <param name="time">t, positive and finite.</param>
    /// <returns>The distribution, for many quantiles at one time. Use <see cref="SampleDistance"/> where each
    /// draw has its own time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside its range.</exception>
    public RadialDistribution At(double time) => new(this, time);

    /// <summary>
    /// Turns a uniform random number into a random distance travelled in a given time. On spheres of
    /// dimension two or more this reads a table in two variables, which is built on first use.
    /// </summary>
    /// <param name="time">t, positive and finite.</param>
    /// <param name="uniform">u, between 0 and 1. 0 and 1 count as the nearest numbers that a generator of 53
    /// bits can give.</param>
    /// <returns>
    /// A distance in length units. On spheres of dimension two or more it is the quantile of u. Its error is
    /// below 1e-6 of the typical distance √t (or of R, if that is smaller) for u up to 1 - 1e-6, and below
    /// 2e-5 of it for u up to 1 - 1e-10. On the circle it is the quantile of the line, wrapped; on projective
    /// spaces that of the sphere, folded.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double SampleDistance(double time, double uniform) =>
        Math.Min(Diameter, Radius * SampleAngle(UnitTime(time), uniform));

    /// <summary>
    /// Logarithm of the density relative to the uniform one on the space of radius 1, for times before
    /// <see cref="Crossover"/>.
    /// </summary>
    private protected abstract double LogRatioByGeodesics(double unitTime, double angle);

    internal virtual double SampleAngle(double unitTime, double uniform) => quantiles.Value.Angle(unitTime, uniform);

    internal double LogRatio(double unitTime, double angle) => unitTime >= series.Crossover
        ? Log1p.Compute(series.Excess(unitTime, angle))
        : LogRatioByGeodesics(unitTime, angle);

    /// <summary>Logarithm of the density of the angle under the uniform distribution.</summary>
    internal double LogUniformAngleDensity(double angle) => LogUnitArea(angle) - LogVolume + (Dimension * Math.Log(Radius));

    /// <summary>
    /// An angle that is exceeded with probability below 1e-17. In R^d the distance is √t times a chi
    /// variable, whose tail beyond √d + 9 is below exp(-81/2). On a space of positive curvature the distance
    /// is stochastically smaller.
    /// </summary>
    internal double NegligibleBeyond(double unitTime) => Math.Min(LargestAngle, Math.Sqrt(unitTime) * (Math.Sqrt(Dimension) + 9));

    internal double UnitTime(double time)
    {
        Guard.PositiveFinite(time);
        return time / (Radius * Radius);
    }

    private double LogUnitArea(double angle) =>
        Dimension == 1 ? logUnitSphereArea : logUnitSphereArea + ((Dimension - 1) * Math.Log(Math.Sin(angle)));

    /// <summary>Integral over the angles that the heat has reached.</summary>
    private double Integrate(double unitTime, Func<double, double> function) =>
        GaussLegendre.Standard.Integrate(function, 0, NegligibleBeyond(unitTime), Panels);

    private double Angle(double distance)
    {
        Guard.Between(distance, 0, Diameter);
        return Math.Min(distance / Radius, LargestAngle);
    }
}
