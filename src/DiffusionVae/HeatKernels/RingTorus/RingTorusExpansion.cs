namespace DiffusionVae.HeatKernels;

/// <summary>The divergence of the heat kernel of a <see cref="RingTorusShape"/> for short times.</summary>
/// <remarks>
/// On every closed surface, with the Gauss curvature K and its Laplacian ΔK at the point where the heat
/// starts,
/// <code>
/// KL = -log(2πt) - 1 + log Area + K t / 2 + (K² / 72 + ΔK / 6) t²
///      + (K³ / 162 + K ΔK / 48 + 5 |∇K|² / 288 + ΔΔK / 32) t³ + O(t⁴).
/// </code>
/// The parts linear in K follow from the first variation of the divergence under a conformal change exp(2φ)
/// of the flat metric. It is (2/t) ∫₀ᵗ P_s φ ds - 2 P_t φ, with P the flat heat semigroup and K = -Δφ: the
/// coefficient of Δⁿφ is that of 2n / ((n+1)! 2ⁿ). The sphere then fixes K² / 72. The remaining three
/// coefficients were recognised to four digits in spectral solutions of the heat equation on spheres and on
/// tori of several shapes. The tests check that the rest decays like t⁴.
/// </remarks>
internal static class RingTorusExpansion
{
    /// <summary>
    /// The time, in units of r², up to which the expansion is used: its error there is below 5e-7 nats.
    /// </summary>
    /// <remarks>
    /// The next coefficient is largest at the inner equator, where it was measured to be close to (a - 1)⁻³.
    /// The other two bounds keep heat from going around the tube (2π) and around the inner equator (2π (a -
    /// 1)).
    /// </remarks>
    public static double LatestTime(RingTorusShape shape)
    {
        double inner = shape.Ratio - 1;
        return Math.Min(0.02 * Math.Pow(inner, 0.75), 0.15 * Math.Min(1, inner * inner));
    }

    /// <summary>KL in nats at the tube angle u; the time is in units of r².</summary>
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
