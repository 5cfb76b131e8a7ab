namespace DiffusionVae.Manifolds;

/// <summary>The Klein bottle in R^4: <c>klein-bottle:R,r</c>.</summary>
/// <remarks>
/// ((R + r cos v) cos u, (R + r cos v) sin u, r sin v cos(u/2), r sin v sin(u/2)): a circle of radius r, carried round one of radius R in a plane, and turned over on the way by the other two dimensions.
/// After one turn of u, v has changed its sign.
/// </remarks>
public static class KleinBottle
{
    /// <summary>Creates the Klein bottle.</summary>
    /// <param name="coreRadius">R, of the circle along which it is carried.</param>
    /// <param name="tubeRadius">r, of the circle that is carried.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; r &lt; R.</exception>
    public static ParametrisedManifold Create(double coreRadius = 2, double tubeRadius = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tubeRadius);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tubeRadius, coreRadius);
        Tensor Map(Tensor parameters)
        {
            (Tensor u, Tensor v) = (parameters.select(-1, 0), parameters.select(-1, 1));
            Tensor fromAxis = (v.cos() * tubeRadius) + coreRadius, across = v.sin() * tubeRadius;
            return torch.stack([fromAxis * u.cos(), fromAxis * u.sin(), across * (u / 2).cos(), across * (u / 2).sin()], -1);
        }
        return new ParametrisedManifold(
            Invariant($"klein-bottle:{coreRadius},{tubeRadius}"),
            4,
            [new ChartAxis("u, the long way round", -Math.PI, Math.PI, IsPeriodic: false), new ChartAxis("v, turned over on the way", -Math.PI, Math.PI, IsPeriodic: true)],
            Map,
            TurnedBack);
    }

    /// <summary>(u + 2π, v) is the point (u, -v).</summary>
    private static Tensor TurnedBack(Tensor parameters)
    {
        (Tensor u, Tensor v) = (parameters.select(-1, 0), parameters.select(-1, 1));
        Tensor turns = (u / (2 * Math.PI)).round();
        Tensor sign = 1 - (turns.remainder(2) * 2);
        return torch.stack([u - (turns * (2 * Math.PI)), v * sign], -1);
    }
}
