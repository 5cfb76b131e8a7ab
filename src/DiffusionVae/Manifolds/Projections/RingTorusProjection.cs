namespace DiffusionVae.Manifolds;

/// <summary>
/// The closest point of a ring torus in double precision: from the axis to the core circle, and from there
/// out by r.
/// </summary>
internal sealed class RingTorusProjection(double coreRadius, double tubeRadius)
{
    /// <summary>P(x) for one x.</summary>
    public void Project(ReadOnlySpan<double> x, Span<double> point)
    {
        Span<double> outward = stackalloc double[2];
        Span<double> around = stackalloc double[2];
        Directions(x, outward, around);
        double fromAxis = coreRadius + (tubeRadius * around[0]);
        (point[0], point[1], point[2]) = (fromAxis * outward[0], fromAxis * outward[1], tubeRadius * around[1]);
    }

    /// <summary>
    /// Takes a gradient g at P(x) back to x, in place: the steps of the projection, backwards.
    /// </summary>
    public void PullBack(ReadOnlySpan<double> x, Span<double> g)
    {
        Span<double> outward = stackalloc double[2];
        Span<double> around = stackalloc double[2];
        Span<double> ofOutward = stackalloc double[2];
        Span<double> ofAround = stackalloc double[2];
        ReadOnlySpan<double> horizontal = x[..2];
        double fromCore = Directions(x, outward, around), fromAxis = coreRadius + (tubeRadius * around[0]);
        ofAround[0] = tubeRadius * ((g[0] * outward[0]) + (g[1] * outward[1]));
        ofAround[1] = tubeRadius * g[2];
        FusedUnitVectors.PullBack([fromCore, x[2]], around, ofAround, 2);
        ofOutward[0] = (fromAxis * g[0]) + (ofAround[0] * horizontal[0]);
        ofOutward[1] = (fromAxis * g[1]) + (ofAround[0] * horizontal[1]);
        FusedUnitVectors.PullBack(horizontal, outward, ofOutward, 2);
        (g[0], g[1], g[2]) = (ofOutward[0] + (ofAround[0] * outward[0]), ofOutward[1] + (ofAround[0] * outward[1]), ofAround[1]);
    }

    /// <summary>
    /// The directions of a point from the axis and from the core circle, and how much farther than the core
    /// circle it is from the axis.
    /// </summary>
    private double Directions(ReadOnlySpan<double> x, Span<double> outward, Span<double> around)
    {
        FusedUnitVectors.Normalise(x[..2], outward, 2);
        double fromCore = (x[0] * outward[0]) + (x[1] * outward[1]) - coreRadius;
        FusedUnitVectors.Normalise([fromCore, x[2]], around, 2);
        return fromCore;
    }
}
