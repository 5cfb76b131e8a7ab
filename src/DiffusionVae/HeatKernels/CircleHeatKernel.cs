namespace DiffusionVae.HeatKernels;

/// <summary>
/// The heat kernel of a circle: the wrapped Gaussian. For small times it is summed over its images,
/// q_t(a) = Σ_k exp(-(a + 2πk)² / (2t)) / √(2πt). For large times it is summed over its Fourier modes,
/// q_t(a) = (1 + 2 Σ_{n≥1} exp(-n² t / 2) cos(n a)) / (2π).
/// </summary>
internal sealed class CircleHeatKernel : RadialHeatKernel
{
    /// <summary>Creates the kernel.</summary>
    /// <param name="radius">R, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public CircleHeatKernel(double radius = 1)
        : base(1, Guard.PositiveFinite(radius), Math.PI, UnitSphere.LogVolume(1), new GegenbauerSeries(1))
    {
    }

    /// <inheritdoc/>
    public override double MeanCosine(double time) => Math.Exp(-UnitTime(time) / 2);

    // The angle of a wrapped Gaussian is its remainder. After a thousand units of time it is uniform to
    // within exp(-500).
    internal override double SampleAngle(double unitTime, double uniform)
    {
        const double uniformBy = 1e3;
        const double largestBelowOne = 1 - (1.0 / (1L << 53));
        double length = HalfNormal.Quantile(Math.Min(Guard.Between(uniform, 0, 1), largestBelowOne));
        return Math.Abs(Math.IEEERemainder(Math.Sqrt(Math.Min(unitTime, uniformBy)) * length, 2 * Math.PI));
    }

    // Times are below the crossover, 1.6: there the images beyond the fourth are less than exp(-200) of the
    // sum.
    private protected override double LogRatioByGeodesics(double unitTime, double angle)
    {
        double sum = 1;
        for (int k = 1; k <= 4; k++)
        {
            double turn = 2 * Math.PI * k;
            sum += Math.Exp(-turn * (turn - (2 * angle)) / (2 * unitTime)) + Math.Exp(-turn * (turn + (2 * angle)) / (2 * unitTime));
        }
        return Math.Log(sum) - (angle * angle / (2 * unitTime)) + (0.5 * Math.Log(2 * Math.PI / unitTime));
    }
}
