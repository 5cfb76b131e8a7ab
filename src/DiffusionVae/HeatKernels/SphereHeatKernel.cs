namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of a sphere of dimension two or more. For large times it is a Gegenbauer series, for small
/// times a contour integral over the images of a Gaussian.
/// </summary>
internal sealed class SphereHeatKernel : RadialHeatKernel
{
    private readonly SphereContour contour;

    /// <summary>Creates the kernel.</summary>
    /// <param name="dimension">d, at least 2; tested up to 100.</param>
    /// <param name="radius">R, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public SphereHeatKernel(int dimension, double radius = 1)
        : base(
            Guard.AtLeast(dimension, 2),
            Guard.PositiveFinite(radius),
            Math.PI,
            UnitSphere.LogVolume(dimension),
            new GegenbauerSeries(dimension))
    {
        contour = new SphereContour(dimension);
    }

    /// <inheritdoc/>
    public override double MeanCosine(double time) => Math.Exp(-Dimension * UnitTime(time) / 2);

    private protected override double LogRatioByGeodesics(double unitTime, double angle) => contour.LogRatio(unitTime, angle);
}
