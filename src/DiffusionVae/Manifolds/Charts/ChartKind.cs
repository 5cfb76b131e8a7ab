namespace DiffusionVae.Manifolds;

/// <summary>
/// What the picture of a manifold looks like. <see cref="Chart.IsTrueToSize"/> says whether lengths, areas
/// and volumes are those of M.
/// </summary>
public enum ChartKind
{
    /// <summary>
    /// An interval, rectangle or box, each axis periodic, twisted or neither: angles of a flat torus; R^k,
    /// without bounds; the embedded torus unrolled, (R v, r u), true to size along the core circle and round
    /// the tube, though not in area.
    /// </summary>
    Box,

    /// <summary>
    /// A closed curve as a circle about the origin of the plane, whose angle goes round once.
    /// </summary>
    Circle,

    /// <summary>
    /// S^2 as two discs in Lambert's equal-area projection, as in an old atlas, both seen from outside: z ≥ 0
    /// on the left, centred at (-√2, 0), with x to the right and y up; z &lt; 0 on the right, centred at (√2,
    /// 0), with x to the left and y up. They touch in the point (1, 0, 0), at the origin. The ellipsoid as
    /// the image of S^2, its discs ellipses that are stretched by its first two semi-axes.
    /// </summary>
    Hemispheres,

    /// <summary>
    /// RP^2 as a disc of radius √2 in Lambert's equal-area projection: the representative with z ≥ 0, at 2
    /// sin(ρ/2) from the centre in the direction of (x, y), ρ being the angle from the pole (0, 0, 1).
    /// <see cref="Chart.Rim"/> says what the rim stands for: here, opposite points of it are one.
    /// </summary>
    Disc,

    /// <summary>
    /// RP^3 or SO(3) as a ball that keeps volumes, or S^3 as one that keeps distances from its centre. RP^3:
    /// the representative with last coordinate ≥ 0, in the direction of the first three, at s = (¾ (2ρ - sin
    /// 2ρ))^⅓ from the centre, ρ being the angle from the pole (0, 0, 0, 1); the radius is (¾ π)^⅓. SO(3):
    /// the rotation by an angle a in [0, π] in the direction of its axis, at 2√2 (¾ (a - sin a))^⅓. S^3: the
    /// point at ρ, up to π. <see cref="Chart.Rim"/> says what the surface of the ball stands for.
    /// </summary>
    Ball,

    /// <summary>
    /// A surface in space: as it stands there, points being their own coordinates; or as an image that may be
    /// stretched or cross itself, such as the Klein bottle's. It shows the shape over the first chart of a
    /// manifold, which has to have two coordinates for each point.
    /// </summary>
    Surface,
}
