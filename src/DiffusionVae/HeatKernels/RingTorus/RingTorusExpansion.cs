namespace DiffusionVae.HeatKernels;

/// <summary>The divergence of the heat kernel of a <see cref="RingTorusShape"/> for short times.</summary>
/// <remarks>
/// On every closed surface, with the Gauss curvature K and its Laplacian D K at the point where the heat starts,
/// <code>
/// KL = -log(2 pi t) - 1 + log Area + K t / 2 + (K^2 / 72 + D K / 6) t^2
///      + (K^3 / 162 + K D K / 48 + 5 |grad K|^2 / 288 + D D K / 32) t^3 + O(t^4).
/// </code>
/// The parts linear in K follow from the first variation of the divergence under a conformal change exp(2 phi) of the flat metric, which is
/// (2/t) integral from 0 to t of P_s phi ds - 2 P_t phi with P the flat heat semigroup and K = -D phi: the n-th power of D goes with
/// 2 n / ((n+1)! 2^n). K^2 / 72 is then fixed by the sphere. The remaining three coefficients were recognised in spectral
/// solutions of the heat equation on spheres and on tori of several shapes, to four digits; the tests check that what is left decays like t^4.
/// </remarks>
internal static class RingTorusExpansion
{
    /// <summary>The time, in units of r^2, up to which the expansion is used: its error there is below 5e-7 nats.</summary>
    /// <remarks>
    /// The next coefficient is largest at the inner equator, where it was measured to be close to (a - 1)^-3. The other two bounds keep
    /// heat from getting around the tube (2 pi) and the inner equator (2 pi (a - 1)).
    /// </remarks>
    public static double LatestTime(RingTorusShape shape)
    {
        double inner = shape.Ratio - 1;
        return Math.Min(0.02 * Math.Pow(inner, 0.75), 0.15 * Math.Min(1, inner * inner));
    }

    /// <summary>KL in nats at the tube angle u; the time is in units of r^2.</summary>
    public static double Divergence(RingTorusShape shape, double time, double u)
    {
        double curvature = shape.Curvature(u);
        double laplacian = shape.CurvatureLaplacian(u);
        double second = (curvature * curvature / 72) + (laplacian / 6);
        double third = (curvature * curvature * curvature / 162)
            + (curvature * laplacian / 48)
            + (5 * shape.CurvatureGradientSquared(u) / 288)
            + (shape.CurvatureBilaplacian(u) / 32);
        double correction = time * ((curvature / 2) + (time * (second + (time * third))));
        return Math.Log(shape.Area / (2 * Math.PI * time)) - 1 + correction;
    }
}
