using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class RingTorusHeatKernelDensityTests
{
    private static readonly (double core, double tube)[] Tori = [(3, 0.6), (3, 1.4)];

    /// <summary>Times in units of the handover time, on both sides of it.</summary>
    public static TheoryData<double, double, double> Cases()
    {
        var cases = new TheoryData<double, double, double>();
        foreach ((double core, double tube) in Tori)
        {
            foreach (double factor in new[] { 1e-4, 0.1, 0.99, 1.01, 7, 100, 1000 })
            {
                cases.Add(core, tube, factor);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Has_mass_one(double core, double tube, double factor)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double time = kernel.HandoverTime * factor;
        const double U = 2.7;
        double mass = Integrate(core, tube, time, U, (u2, v) => Math.Exp(kernel.LogDensity(time, U, u2, v)));
        Assert.InRange(mass - 1, -1e-6, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_symmetric(double core, double tube, double factor)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double time = kernel.HandoverTime * factor;
        double distance = Math.Sqrt(time);
        foreach (double u in new[] { 0, 1.3, 3 })
        {
            double u2 = u + (distance / tube);
            double v = 1.5 * distance / (core + (tube * Math.Cos(u)));
            double forth = kernel.LogDensity(time, u, u2, v);
            Assert.Equal(forth, kernel.LogDensity(time, u2, u, -v), 9);
            Assert.Equal(forth, kernel.LogDensity(time, -u, -u2, v), 9);
            Assert.Equal(forth, kernel.LogDensity(time, u + (2 * Math.PI), u2, v - (2 * Math.PI)), 9);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solves_the_heat_equation(double core, double tube, double factor)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double time = kernel.HandoverTime * factor;
        if (Math.Abs(factor - 1) < 0.1)
        {
            // The differences in time would straddle the handover.
            time *= factor < 1 ? 0.9 : 1.1;
        }

        double peak = Math.Exp(kernel.LogDensity(time, 2.5, 2.5, 0));
        double scale = Math.Min(Math.Sqrt(time), tube);
        foreach ((double east, double north) in new[] { (0.0, 0.0), (1, 0.5), (-1.5, 1), (0, 2), (2.5, 1) })
        {
            double u = 2.5 + (east * scale / tube);
            double width = core + (tube * Math.Cos(u));
            double v = north * scale / width;
            double h = 0.06 * scale;
            double Density(double du, double dv, double dt) =>
                Math.Exp(kernel.LogDensity(time + dt, 2.5, u + (du / tube), v + (dv / width))) / peak;
            double laplacian = SecondDifference(x => Density(x, 0, 0), h) + SecondDifference(x => Density(0, x, 0), h)
                - (Math.Sin(u) / width * FirstDifference(x => Density(x, 0, 0), h));
            double rate = FirstDifference(x => Density(0, 0, x), 0.01 * time);
            double residual = (rate - (laplacian / 2)) * time;
            Assert.True(Math.Abs(residual) < 1e-6 * Math.Max(1, time / (scale * scale)), $"({east}, {north}): {residual:E1}");
        }
    }

    [Theory]
    [InlineData(3, 0.6, 0.01, 0.02)]
    [InlineData(3, 0.6, 0.7, 0.7)]
    [InlineData(3, 0.6, 0.2, 3)]
    [InlineData(3, 0.6, 2, 20)]
    [InlineData(3, 1.4, 0.6, 0.6)]
    [InlineData(3, 1.4, 0.9, 4)]
    public void Satisfies_Chapman_and_Kolmogorov(double core, double tube, double firstFactor, double secondFactor)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double first = kernel.HandoverTime * firstFactor;
        double second = kernel.HandoverTime * secondFactor;
        double distance = Math.Sqrt(first + second);
        foreach ((double u, double east, double north) in new[] { (0.4, 0.0, 0.0), (2.8, 1, 0.5) })
        {
            double target = u + (east * distance / tube);
            double v = north * distance / (core + (tube * Math.Cos(u)));
            double direct = Math.Exp(kernel.LogDensity(first + second, u, target, v));
            double peak = Math.Exp(kernel.LogDensity(first + second, u, u, 0));
            double composed = Integrate(core, tube, first, u, (middle, w) => Math.Exp(
                kernel.LogDensity(first, u, middle, w) + kernel.LogDensity(second, middle, target, v - w)));
            Assert.InRange((composed - direct) / peak, -1e-6, 1e-6);
        }
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(1.5)]
    [InlineData(60)]
    public void Has_the_divergence_that_is_claimed(double factor)
    {
        var kernel = new RingTorusHeatKernel();
        double time = kernel.HandoverTime * factor;
        foreach (double u in new[] { 0, 2.9 })
        {
            double divergence = Integrate(3, 0.6, time, u, (u2, v) =>
            {
                double logDensity = kernel.LogDensity(time, u, u2, v);
                return Math.Exp(logDensity) * (logDensity + kernel.LogVolume);
            });
            Assert.Equal(kernel.Divergence(time, u), divergence, 5);
        }
    }

    [Fact]
    public void On_a_thin_ring_is_a_product_of_wrapped_Gaussians()
    {
        const double core = 1000;
        var kernel = new RingTorusHeatKernel(core, 1);
        foreach (double time in new[] { 0.01, 0.1, 1 })
        {
            double along = Math.Sqrt(time);
            double gaussian = Math.Exp(-0.5) / Math.Sqrt(2 * Math.PI * time);
            double images = Enumerable.Range(-5, 11).Sum(image => Math.Exp(-Math.Pow(0.3 + (2 * Math.PI * image), 2) / (2 * time)));
            double wrapped = images / Math.Sqrt(2 * Math.PI * time);
            double actual = kernel.LogDensity(time, (Math.PI / 2) - 0.15, (Math.PI / 2) + 0.15, along / core);
            Assert.InRange(actual - Math.Log(gaussian * wrapped), -1 / core, 1 / core);
        }
    }

    [Fact]
    public void Far_away_is_the_floor_that_is_documented()
    {
        var kernel = new RingTorusHeatKernel();
        double time = 1e-4;
        double floor = Math.Log(RingTorusHeatKernel.Resolution / (2 * Math.PI * time));
        Assert.Equal(floor, kernel.LogDensity(time, 0, Math.PI, 0), 12);
        Assert.Equal(floor, kernel.LogDensity(time, 0, 0, 3), 12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3, 1)]
    [InlineData(3, double.NaN)]
    [InlineData(3, double.PositiveInfinity)]
    [InlineData(1.01, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1e-4)]
    public void Refuses_radii_it_cannot_serve(double core, double tube)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new RingTorusHeatKernel(core, tube));
        Assert.NotNull(refusal.ActualValue);
    }

    [Fact]
    public void Refuses_times_and_angles_that_are_none()
    {
        var kernel = new RingTorusHeatKernel();
        Assert.Throws<ArgumentOutOfRangeException>("time", () => kernel.Divergence(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("time", () => kernel.LogDensity(double.NaN, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("u", () => kernel.Divergence(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("deltaV", () => kernel.LogDensity(1, 0, 0, double.PositiveInfinity));
    }

    /// <summary>
    /// The integral over the torus, or over what of it heat from (u, 0) reaches, of something that falls off
    /// like a Gaussian.
    /// </summary>
    private static double Integrate(double core, double tube, double time, double u, Func<double, double, double> integrand)
    {
        double reach = 7.4 * Math.Sqrt(time);
        double spacing = 0.65 * Math.Sqrt(time);
        double nearest = core + (tube * Math.Cos(Math.Min(Math.PI, u + (reach / tube))));
        double uRange = Math.Min(Math.PI, reach / tube);
        double vRange = Math.Min(Math.PI, reach / nearest);
        int uPoints = Math.Max(40, (int)Math.Ceiling(2 * uRange * tube / spacing));
        int vPoints = Math.Max(40, (int)Math.Ceiling(2 * vRange * (core + tube) / spacing));
        double sum = 0;
        for (int i = 0; i < uPoints; i++)
        {
            double u2 = u + (uRange * ((((2 * i) + 1.0) / uPoints) - 1));
            double cell = tube * (core + (tube * Math.Cos(u2))) * 4 * uRange * vRange / uPoints / vPoints;
            for (int j = 0; j < vPoints; j++)
            {
                sum += cell * integrand(u2, vRange * ((((2 * j) + 1.0) / vPoints) - 1));
            }
        }

        return sum;
    }

    private static double FirstDifference(Func<double, double> f, double h) =>
        ((45 * (f(h) - f(-h))) - (9 * (f(2 * h) - f(-2 * h))) + f(3 * h) - f(-3 * h)) / (60 * h);

    private static double SecondDifference(Func<double, double> f, double h) =>
        ((-490 * f(0)) + (270 * (f(h) + f(-h))) - (27 * (f(2 * h) + f(-2 * h))) + (2 * (f(3 * h) + f(-3 * h)))) / (180 * h * h);
}
