namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of real projective space, the sphere with antipodes identified: q_t(p, q) + q_t(p, -q) of
/// the sphere. The rotation group SO(3), with the Frobenius metric of 3 × 3 matrices, is the space of
/// dimension 3 and radius 2√2.
/// </summary>
internal sealed class ProjectiveHeatKernel : RadialHeatKernel
{
    private readonly RadialHeatKernel cover;

    /// <summary>Creates the kernel.</summary>
    /// <param name="dimension">d, at least 1; tested up to 100.</param>
    /// <param name="radius">R, the radius of the covering sphere, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public ProjectiveHeatKernel(int dimension, double radius = 1)
        : base(
            Guard.AtLeast(dimension, 1),
            Guard.PositiveFinite(radius),
            Math.PI / 2,
            UnitSphere.LogVolume(dimension) - Math.Log(2),
            new GegenbauerSeries(dimension, evenOnly: true))
    {
        cover = Sphere(dimension);
    }

    internal override double SampleAngle(double unitTime, double uniform)
    {
        double angle = cover.SampleAngle(unitTime, uniform);
        return Math.Min(angle, Math.PI - angle);
    }

    // The sphere's uniform density is half the projective one, so the sum becomes a mean of the ratios to
    // them.
    private protected override double LogRatioByGeodesics(double unitTime, double angle)
    {
        double near = cover.LogRatio(unitTime, angle);
        if (AntipodeIsNegligible(unitTime, angle))
        {
            return near - Math.Log(2);
        }
        double far = cover.LogRatio(unitTime, Math.PI - angle);
        return near + Log1p.Compute(Math.Exp(far - near)) - Math.Log(2);
    }

    // The exponents -a² / (2t) of the two differ by π (π - 2a) / (2t). Near the antipode the density exceeds
    // exp(-a² / (2t)) by powers of 1/t, at most d - 1 more than near the start. What is left out beyond the
    // bound is less than exp(-40).
    private bool AntipodeIsNegligible(double unitTime, double angle) =>
        Math.PI * (Math.PI - (2 * angle)) / (2 * unitTime) > 40 + (Dimension * Math.Log(1 + (10 / unitTime)));
}
