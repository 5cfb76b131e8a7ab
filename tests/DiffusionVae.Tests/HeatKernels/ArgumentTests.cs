using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public class ArgumentTests
{
    [Fact]
    public void The_sphere_of_dimension_one_is_a_circle()
    {
        Assert.IsType<CircleHeatKernel>(RadialHeatKernel.Sphere(1));
        Assert.IsType<SphereHeatKernel>(RadialHeatKernel.Sphere(2));
    }

    [Fact]
    public void Dimension_and_radius_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => RadialHeatKernel.Sphere(0));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new SphereHeatKernel(1));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new ProjectiveHeatKernel(0));
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new CircleHeatKernel(0));
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new SphereHeatKernel(2, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new ProjectiveHeatKernel(2, double.NaN));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Times_are_checked(double time)
    {
        RadialHeatKernel kernel = KernelSamples.Named("sphere:2");
        Assert.Throws<ArgumentOutOfRangeException>(nameof(time), () => kernel.LogDensity(time, 1));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(time), () => kernel.Divergence(time));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(time), () => kernel.MeanCosine(time));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(time), () => kernel.At(time));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(time), () => kernel.SampleDistance(time, 0.5));
    }

    [Fact]
    public void Distances_and_probabilities_are_checked()
    {
        RadialHeatKernel kernel = KernelSamples.Named("sphere:2");
        Assert.Throws<ArgumentOutOfRangeException>("distance", () => kernel.LogDensity(1, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("distance", () => kernel.LogDensity(1, 3.2));
        Assert.Throws<ArgumentOutOfRangeException>("distance", () => kernel.LogAreaOfGeodesicSphere(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("probability", () => kernel.At(1).Quantile(1.1));
        Assert.Throws<ArgumentOutOfRangeException>("uniform", () => kernel.SampleDistance(1, -0.1));
    }

    [Fact]
    public void Errors_name_the_value_and_the_range()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => KernelSamples.Named("sphere:2").Divergence(-2));
        Assert.StartsWith("time must be positive and finite.", error.Message, StringComparison.Ordinal);
        Assert.Equal(-2.0, error.ActualValue);
    }
}
