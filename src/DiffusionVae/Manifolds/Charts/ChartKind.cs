namespace DiffusionVae.Manifolds;

/// <summary>What the picture of a manifold looks like. Lengths, areas and volumes are those of M unless said otherwise.</summary>
public enum ChartKind
{
    /// <summary>
    /// An interval, rectangle or box, each axis periodic or not: angles of a flat torus; R^k, without bounds; the embedded torus unrolled, (R v, r u), true to size along the
    /// core circle and round the tube, though not in area.
    /// </summary>
    Box,

    /// <summary>A closed curve as a circle in the plane, of M's own length.</summary>
    Circle,

    /// <summary>
    /// S^2 as two discs in Lambert's equal-area projection, as in an old atlas, both seen from outside: z ≥ 0 on the left, centred at (-√2, 0), with x to the
    /// right and y up; z &lt; 0 on the right, centred at (√2, 0), with x to the left and y up. They touch in the point (1, 0, 0), at the origin.
    /// </summary>
    Hemispheres,

    /// <summary>
    /// RP^2 as a disc of radius √2 in Lambert's equal-area projection: the representative with z ≥ 0, at 2 sin(ρ/2) from the centre in the direction of (x, y), ρ being the angle
    /// from the pole (0, 0, 1). Opposite points of the rim are one point of M.
    /// </summary>
    Disc,

    /// <summary>
    /// RP^3 or SO(3) as a ball that keeps volumes. RP^3: the representative with last coordinate ≥ 0, in the direction of the first three, at s = (¾ (2ρ - sin 2ρ))^⅓ from
    /// the centre, ρ being the angle from the pole (0, 0, 0, 1); the radius is (¾ π)^⅓. SO(3): the rotation by an angle a in [0, π] in the direction of its axis, at
    /// 2√2 (¾ (a - sin a))^⅓. Opposite points of the surface are one point of M.
    /// </summary>
    Ball,

    /// <summary>A surface in space as it stands there: points are their own coordinates.</summary>
    Surface,
}
