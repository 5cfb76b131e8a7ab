using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public class ShortTimeExpansionTests
{
    [Theory]
    [InlineData("sphere:2")]
    [InlineData("sphere:3")]
    [InlineData("sphere:5")]
    [InlineData("sphere:10")]
    [InlineData("projective:2")]
    [InlineData("projective:3")]
    [InlineData("projective:10")]
    [InlineData("so3")]
    public void Error_begins_with_the_known_second_coefficient(string name)
    {
        // c = d (d - 1) (7 - 3d) / 144 for radius 1; the extrapolation removes the term of order t^3.
        RadialHeatKernel kernel = KernelSamples.Named(name);
        int d = kernel.Dimension;
        double unit = kernel.Radius * kernel.Radius;
        double time = 4e-3 / d * unit;
        double extrapolated = (2 * Coefficient(time / 2)) - Coefficient(time);
        Assert.Equal(1, extrapolated / (d * (d - 1) * (7 - (3 * d)) / 144.0), 2e-3);
        double next = ShortTimeExpansion.NextTerm(d, d * (d - 1) / (kernel.Radius * kernel.Radius), time);
        Assert.Equal(1, Math.Abs(extrapolated) * Math.Pow(time / unit, 2) / next, 2e-3);

        double Coefficient(double t) => (kernel.Divergence(t) - Expansion(kernel, t)) / Math.Pow(t / unit, 2);
    }

    [Fact]
    public void On_the_circle_the_error_is_exponentially_small()
    {
        RadialHeatKernel circle = KernelSamples.Named("sphere:1");
        foreach (double time in new[] { 1e-6, 1e-3, 0.03, 0.1 })
        {
            Assert.Equal(circle.Divergence(time), Expansion(circle, time), 1e-12);
        }
    }

    [Fact]
    public void The_coefficient_of_the_paper_is_right_in_two_dimensions_only()
    {
        Assert.Equal(ShortTimeExpansion.CurvatureCoefficient, ShortTimeExpansion.PaperCurvatureCoefficient(2), 1e-15);
        RadialHeatKernel sphere = KernelSamples.Named("sphere:3");
        double time = Math.Exp(-3.75);
        double error = ShortTimeExpansion.Divergence(3, sphere.LogVolume, 6, time, ShortTimeExpansion.PaperCurvatureCoefficient(3))
            - sphere.Divergence(time);
        Assert.Equal(6 * time / 24, error, 2e-4);
        Assert.Equal(0.006, error, 5e-4);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => ShortTimeExpansion.Divergence(0, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("logVolume", () => ShortTimeExpansion.Divergence(1, double.NaN, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("scalarCurvature", () => ShortTimeExpansion.Divergence(1, 1, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("time", () => ShortTimeExpansion.Divergence(1, 1, 1, 0));
    }

    private static double Expansion(RadialHeatKernel kernel, double time)
    {
        int d = kernel.Dimension;
        return ShortTimeExpansion.Divergence(d, kernel.LogVolume, d * (d - 1) / (kernel.Radius * kernel.Radius), time);
    }
}
