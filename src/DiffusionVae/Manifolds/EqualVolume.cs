namespace DiffusionVae.Manifolds;

/// <summary>The half of the unit sphere S^d about a pole as a ball in R^d, d = 2 or 3, by the radial map that keeps volumes (Lambert's for d = 2).</summary>
/// <remarks>Float64. Temporaries belong to the current dispose scope: callers open one.</remarks>
internal static class EqualVolume
{
    private const int NewtonSteps = 8;

    /// <summary>The radius of the ball: √2, or (¾ π)^⅓.</summary>
    public static double Radius(int dimension) => dimension == 2 ? Math.Sqrt(2) : Math.Cbrt(0.75 * Math.PI);

    /// <summary>The places of points.</summary>
    /// <param name="across">The coordinates other than that along the pole, [..., d].</param>
    /// <param name="along">The coordinate along the pole, not negative, [..., 1].</param>
    /// <returns>[..., d].</returns>
    public static Tensor ToBall(Tensor across, Tensor along)
    {
        Tensor length = UnitVectors.Length(across);
        Tensor angle = torch.atan2(length, along);
        Tensor radius = across.size(-1) == 2 ? 2 * (angle / 2).sin() : ThreeDimensionalRadius(2 * angle);
        return across * Ratio(radius, length);
    }

    /// <summary>The points at places, and whether these lie in the ball.</summary>
    /// <param name="places">[..., d].</param>
    /// <returns>The coordinates [..., d] and [..., 1] that <see cref="ToBall"/> takes, and [...], bool.</returns>
    public static (Tensor Across, Tensor Along, Tensor Inside) FromBall(Tensor places)
    {
        int dimension = (int)places.size(-1);
        Tensor distance = UnitVectors.Length(places);
        // The rim itself is inside, whatever the rounding.
        Tensor inside = distance.le(Radius(dimension) * (1 + 1e-12)).squeeze(-1);
        Tensor radius = distance.clamp_max(Radius(dimension));
        Tensor angle = dimension == 2 ? 2 * (radius / 2).clamp_max(Math.Sqrt(0.5)).asin() : ThreeDimensionalTurn(radius) / 2;
        return (places * Ratio(angle.sin(), distance), angle.cos(), inside);
    }

    /// <summary>a / b; 1, the limit, where b vanishes.</summary>
    private static Tensor Ratio(Tensor a, Tensor b)
    {
        Tensor vanishing = b.eq(0);
        return torch.where(vanishing, torch.ones_like(a), a / b.masked_fill(vanishing, 1));
    }

    /// <summary>½ (6 (a - sin a))^⅓ for a from 0 to π.</summary>
    private static Tensor ThreeDimensionalRadius(Tensor turn)
    {
        Tensor small = turn * (1 - (turn.square() / 60));
        Tensor large = (6 * (turn - turn.sin())).clamp_min(0).pow(1.0 / 3);
        // The difference cancels near zero; the series is exact to 1e-12 there.
        return torch.where(turn.lt(0.01), small, large) / 2;
    }

    /// <summary>The inverse of <see cref="ThreeDimensionalRadius"/>, by Newton's method.</summary>
    private static Tensor ThreeDimensionalTurn(Tensor radius)
    {
        Tensor turn = 2 * radius;
        for (int i = 0; i < NewtonSteps; i++)
        {
            Tensor reached = ThreeDimensionalRadius(turn);
            Tensor slope = (turn / 2).sin().square() / reached.square() / 2;
            Tensor step = torch.where(turn.lt(1e-6), torch.zeros_like(turn), (radius - reached) / slope);
            turn = (turn + step).clamp(0, Math.PI);
        }
        return turn;
    }
}
