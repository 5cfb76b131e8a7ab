namespace DiffusionVae.Manifolds;

/// <summary>
/// The half of the unit sphere S^d about a pole as a ball in R^d, d = 2 or 3, by the radial map that keeps
/// volumes (Lambert's for d = 2).
/// </summary>
/// <remarks>Float64. Temporaries belong to the current dispose scope: callers open one.</remarks>
internal static class EqualVolume
{
    private const int NewtonSteps = 8;
    private static readonly Scalar Two = 2.0;
    private static readonly Scalar Six = 6.0;
    private static readonly Scalar Sixty = 60.0;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar Third = 1.0 / 3;
    private static readonly Scalar HalfRootTwo = Math.Sqrt(0.5);
    private static readonly Scalar Pi = Math.PI;
    private static readonly Scalar Small = 0.01;
    private static readonly Scalar Vanishing = 1e-6;

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
        Tensor radius = across.size(-1) == 2 ? (angle / Two).sin() * Two : RadiusOfTurn(angle * Two);
        return across * Ratio(radius, length);
    }

    /// <summary>The points at places, and whether these lie in the ball.</summary>
    /// <param name="places">[..., d].</param>
    /// <returns>
    /// The coordinates [..., d] and [..., 1] that <see cref="ToBall"/> takes, and [...], bool.
    /// </returns>
    public static (Tensor Across, Tensor Along, Tensor Inside) FromBall(Tensor places)
    {
        int dimension = (int)places.size(-1);
        // The rim itself is inside, whatever the rounding.
        Scalar rim = Radius(dimension) * (1 + 1e-12);
        Tensor distance = UnitVectors.Length(places);
        Tensor inside = distance.le(rim).squeeze(-1);
        Tensor radius = distance.clamp_max(rim);
        Tensor angle = dimension == 2 ? (radius / Two).clamp_max(HalfRootTwo).asin() * Two : TurnOfRadius(radius) / Two;
        return (places * Ratio(angle.sin(), distance), angle.cos(), inside);
    }

    /// <summary>a / b; 1, the limit, where b vanishes.</summary>
    private static Tensor Ratio(Tensor a, Tensor b)
    {
        Tensor vanishing = b.eq(Zero);
        return torch.where(vanishing, torch.ones_like(a), a / b.masked_fill(vanishing, One));
    }

    /// <summary>
    /// ½ (6 (a - sin a))^⅓ for a from 0 to π: the radius in the ball of what lies half the turn a from the
    /// pole of S^3.
    /// </summary>
    private static Tensor RadiusOfTurn(Tensor turn)
    {
        // The difference cancels near zero; the series is exact to 1e-12 there.
        Tensor series = turn - (turn * turn.Squared() / Sixty);
        Tensor exact = ((turn - turn.sin()) * Six).clamp_min(Zero).pow(Third);
        return torch.where(turn.lt(Small), series, exact) / Two;
    }

    /// <summary>The inverse of <see cref="RadiusOfTurn"/>, by Newton's method.</summary>
    private static Tensor TurnOfRadius(Tensor radius)
    {
        Tensor turn = radius * Two;
        for (int i = 0; i < NewtonSteps; i++)
        {
            Tensor reached = RadiusOfTurn(turn);
            // 1 over the derivative; near zero the turn is twice the radius already.
            Tensor slope = reached.Squared() * Two / (turn / Two).sin().Squared();
            Tensor step = torch.where(turn.lt(Vanishing), torch.zeros_like(turn), (radius - reached) * slope);
            turn = (turn + step).clamp(Zero, Pi);
        }
        return turn;
    }
}
