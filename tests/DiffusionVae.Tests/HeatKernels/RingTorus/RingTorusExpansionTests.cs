using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public sealed class RingTorusExpansionTests
{
    private static readonly double[] Angles = [0, 0.8, 1.6, 2.3, 2.7, Math.PI];

    [Theory]
    [InlineData(2, 0.02)]
    [InlineData(1.5, 0.014)]
    public void Short_expansion_errs_by_the_next_term(double ratio, double time)
    {
        var shape = new RingTorusShape(ratio);
        var spectrum = new RingTorusSpectrum(shape, time);
        foreach (double u in Angles)
        {
            double next = (Math.Pow(shape.Curvature(u), 2) / 72) + (shape.CurvatureLaplacian(u) / 6);

            // Two times cancel what is left after the next term: c t + c' t^2.
            double early = ShortError(shape, spectrum, time, u) / (time * time);
            double late = ShortError(shape, spectrum, 2 * time, u) / (4 * time * time);
            Assert.Equal(next, (2 * early) - late, 3e-3 * (1 + Math.Abs(next)));
        }
    }

    [Theory]
    [InlineData(2, 0.02)]
    [InlineData(1.5, 0.012)]
    public void Residual_of_the_whole_expansion_decays_like_the_fourth_power(double ratio, double time)
    {
        var shape = new RingTorusShape(ratio);
        var spectrum = new RingTorusSpectrum(shape, time);
        foreach (double u in new[] { 2.3, Math.PI })
        {
            double order = Math.Log2(Residual(shape, spectrum, 2 * time, u) / Residual(shape, spectrum, time, u));
            Assert.InRange(order, 3.8, 4.2);
        }
    }

    [Fact]
    public void Derivatives_of_the_curvature_agree_with_differences()
    {
        var shape = new RingTorusShape(1.7);
        foreach (double u in Angles)
        {
            Assert.Equal(Laplacian(shape, shape.Curvature, u), shape.CurvatureLaplacian(u), 1e-4);
            Assert.Equal(Laplacian(shape, shape.CurvatureLaplacian, u), shape.CurvatureBilaplacian(u), 1e-2);
            double slope = (shape.Curvature(u + 1e-5) - shape.Curvature(u - 1e-5)) / 2e-5;
            Assert.Equal(slope * slope, shape.CurvatureGradientSquared(u), 1e-8);
        }
    }

    private static double ShortError(RingTorusShape shape, RingTorusSpectrum spectrum, double time, double u) =>
        Math.Exp(spectrum.LogDivergence(time, u)) - (
            -Math.Log(2 * Math.PI * time) - 1 + Math.Log(shape.Area) + (2 * shape.Curvature(u) * time / 4));

    private static double Residual(RingTorusShape shape, RingTorusSpectrum spectrum, double time, double u) =>
        Math.Exp(spectrum.LogDivergence(time, u)) - RingTorusExpansion.Divergence(shape, time, u);

    /// <summary>(w f')' / w by differences of the flux.</summary>
    private static double Laplacian(RingTorusShape shape, Func<double, double> f, double u)
    {
        const double H = 1e-3;
        double Flux(double at) => shape.Width(at) * (f(at + (H / 2)) - f(at - (H / 2))) / H;
        return (Flux(u + (H / 2)) - Flux(u - (H / 2))) / H / shape.Width(u);
    }
}
