using System.Collections.Concurrent;

namespace DiffusionVae.HeatKernels;

/// <summary>The heat kernel of Brownian motion (generator Δ/2) on the ring torus in R³.</summary>
/// <remarks>
/// <para>
/// The torus has core radius R and tube radius r and the metric r² du² + (R + r cos u)² dv², with u around
/// the tube (0 on the outer equator) and v around the axis. Angles may be any real numbers.
/// </para>
/// <para>
/// From a certain time on (0.0204 for R = 3, r = 0.6), the heat equation is solved by eigenfunctions, to 1e-9
/// nats. Before that time the divergence is its expansion up to t³, to 6e-7 nats, and the density is the
/// first terms of the parametrix, to 1e-6 of its maximum. Eigenfunctions are computed for an octave of times
/// at once, when first needed, and kept. This takes about 0.1 s for R = 5r, and seconds for the narrowest
/// rings.
/// </para>
/// </remarks>
/// <threadsafety>
/// Safe to share between threads. Eigenfunctions and the table are built when first needed, and kept.
/// </threadsafety>
public sealed class RingTorusHeatKernel
{
    /// <summary>
    /// The smallest R/r that is supported. A narrower ring needs too many modes before its expansion holds.
    /// </summary>
    public const double MinimumRatio = 1.2;

    /// <summary>
    /// The largest R/r that is supported. Beyond it, rounding errors of the tube's modes exceed the slow
    /// modes.
    /// </summary>
    public const double MaximumRatio = 1000;

    /// <summary>Densities are resolved down to this fraction of max(1 / (2πt), 1 / Area).</summary>
    public const double Resolution = 1e-11;

    private readonly RingTorusShape shape;
    private readonly double handover;
    private readonly ConcurrentDictionary<int, Lazy<RingTorusSpectrum>> octaves = new();
    private readonly Lazy<RingTorusDivergenceTable> table;

    /// <summary>Creates the heat kernel of a torus.</summary>
    /// <param name="coreRadius">R, the radius of the circle in the middle of the tube; positive and
    /// finite.</param>
    /// <param name="tubeRadius">r, the radius of the tube; positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A radius is not positive and finite, or R/r is outside
    /// [<see cref="MinimumRatio"/>, <see cref="MaximumRatio"/>].</exception>
    public RingTorusHeatKernel(double coreRadius = 3, double tubeRadius = 0.6)
    {
        Guard.PositiveFinite(coreRadius);
        Guard.PositiveFinite(tubeRadius);
        double ratio = coreRadius / tubeRadius;
        if (!(ratio >= MinimumRatio && ratio <= MaximumRatio))
        {
            string reason = ratio > MaximumRatio
                ? "on a thinner ring rounding spoils the slow modes"
                : "on a narrower ring too many modes are needed before the short-time expansion holds at the inner equator";
            string allowed = Invariant($"{MinimumRatio} to {MaximumRatio} times the tube radius {tubeRadius}, not {ratio} times");
            throw new ArgumentOutOfRangeException(
                nameof(coreRadius), coreRadius, $"The core radius must be {allowed}: {reason}.");
        }
        CoreRadius = coreRadius;
        TubeRadius = tubeRadius;
        shape = new RingTorusShape(ratio);
        handover = RingTorusExpansion.LatestTime(shape);
        LogVolume = Math.Log(shape.Area) + (2 * Math.Log(tubeRadius));
        table = new Lazy<RingTorusDivergenceTable>(() => new RingTorusDivergenceTable(this));
    }

    /// <summary>The core radius R.</summary>
    public double CoreRadius { get; }

    /// <summary>The tube radius r.</summary>
    public double TubeRadius { get; }

    /// <summary>The logarithm of the area 4π²Rr.</summary>
    public double LogVolume { get; }

    /// <summary>The time from which on eigenfunctions replace the short-time formulas.</summary>
    internal double HandoverTime => handover * TubeRadius * TubeRadius;

    /// <summary>
    /// A table of the divergence for log t from -14 to 7. It is built on first use (about 1 s for R = 5r) and
    /// kept.
    /// </summary>
    internal RingTorusDivergenceTable DivergenceTable => table.Value;

    /// <summary>The logarithm of the density q_t(p1, p2) with respect to the Riemannian area.</summary>
    /// <remarks>
    /// The error of the density is below 1e-6 of max(1 / (2πt), 1 / Area). Where the density is below
    /// <see cref="Resolution"/> times that maximum, the logarithm of this bound is returned instead.
    /// </remarks>
    /// <param name="time">The time t, positive and finite, in squared length.</param>
    /// <param name="u1">The tube angle of the first point, in radians.</param>
    /// <param name="u2">The tube angle of the second point, in radians.</param>
    /// <param name="deltaV">The difference of the points' angles around the axis, in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite, or an angle not
    /// finite.</exception>
    public double LogDensity(double time, double u1, double u2, double deltaV)
    {
        double scaled = Scale(time);
        Guard.Finite(u1);
        Guard.Finite(u2);
        Guard.Finite(deltaV);
        double floor = Math.Log(Resolution) + Math.Max(-Math.Log(2 * Math.PI * scaled), -Math.Log(shape.Area));
        double value;
        if (scaled < handover)
        {
            double reach = Math.Sqrt(-2 * scaled * Math.Log(Resolution / 10));
            value = RingTorusParametrix.LogDensity(shape, scaled, u1, u2, deltaV, reach) ?? floor;
        }
        else
        {
            value = Math.Log(Math.Max(0, Octave(scaled).Density(scaled, u1, u2, deltaV)));
        }
        return Math.Max(value, floor) - (2 * Math.Log(TubeRadius));
    }

    /// <summary>KL(q_t(p, .) || uniform) in nats at a point p with tube angle u; never negative.</summary>
    /// <param name="time">The time t, positive and finite, in squared length.</param>
    /// <param name="u">The tube angle, in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite, or the angle not
    /// finite.</exception>
    public double Divergence(double time, double u) => Math.Exp(LogDivergence(time, u));

    /// <summary>The logarithm of <see cref="Divergence"/>, which does not underflow.</summary>
    /// <inheritdoc cref="Divergence"/>
    public double LogDivergence(double time, double u)
    {
        double scaled = Scale(time);
        Guard.Finite(u);
        return scaled < handover
            ? Math.Log(RingTorusExpansion.Divergence(shape, scaled, u))
            : Octave(scaled).LogDivergence(scaled, u);
    }

    /// <summary>The mean in nats of <see cref="Divergence"/> over a uniformly distributed point.</summary>
    /// <param name="time">The time t, positive and finite, in squared length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite.</exception>
    public double MeanDivergence(double time)
    {
        const int points = 64;
        double sum = 0;
        for (int i = 0; i < points; i++)
        {
            double u = Math.PI * (i + 0.5) / points;
            sum += shape.Width(u) / (shape.Ratio * points) * Divergence(time, u);
        }
        return sum;
    }

    private double Scale(double time)
    {
        Guard.PositiveFinite(time);

        // These bounds are far outside the useful range; the formulas hold up to them.
        return Math.Clamp(time / TubeRadius / TubeRadius, 1e-250, 1e250);
    }

    private RingTorusSpectrum Octave(double scaled)
    {
        int octave = (int)Math.Floor(Math.Log2(scaled / handover));
        return octaves.GetOrAdd(octave, Create).Value;

        Lazy<RingTorusSpectrum> Create(int key) => new(() => new RingTorusSpectrum(shape, Math.ScaleB(handover, key)));
    }
}
