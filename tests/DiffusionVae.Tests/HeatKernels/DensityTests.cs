using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

[Trait(Speed.Trait, Speed.Slow)]
public class DensityTests
{
    public static TheoryData<string> Names =>
    [
        "sphere:1", "sphere:2", "sphere:3", "sphere:4", "sphere:5", "sphere:6", "sphere:7", "sphere:8", "sphere:9",
        "sphere:10", "sphere:50", "sphere:100",
        "projective:1", "projective:2", "projective:3", "projective:10", "so3",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Total_mass_is_one(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach (double time in new[] { 1e-6, 1e-4, 0.01, 0.1, 0.3, 1, 5, 1000 })
        {
            Assert.Equal(1, KernelSamples.Integrate(kernel, time, r => Math.Exp(kernel.LogDensity(time, r))), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_even_harmonic_decays_with_its_eigenvalue(string name)
    {
        // E[((d + 1) cos(angle)^2 - 1) / d] = exp(-(d + 1) t / R^2), on the sphere and on the projective
        // space alike.
        RadialHeatKernel kernel = KernelSamples.Named(name);
        int d = kernel.Dimension;
        foreach (double time in new[] { 1e-4, 0.05, 0.5, 2 })
        {
            double mean = KernelSamples.Integrate(
                kernel, time, r => Math.Exp(kernel.LogDensity(time, r)) * (((d + 1) * Math.Pow(Math.Cos(r / kernel.Radius), 2)) - 1) / d);
            Assert.Equal(Math.Exp(-(d + 1) * time / (kernel.Radius * kernel.Radius)), mean, 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mean_cosine_is_that_of_the_density(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach (double time in new[] { 1e-6, 0.02, 0.4, 3 })
        {
            double mean = KernelSamples.Integrate(kernel, time, r => Math.Exp(kernel.LogDensity(time, r)) * Math.Cos(r / kernel.Radius));
            Assert.Equal(mean, kernel.MeanCosine(time), 1e-8);
            if (kernel is not ProjectiveHeatKernel)
            {
                Assert.Equal(Math.Exp(-kernel.Dimension * time / 2), kernel.MeanCosine(time), 1e-14);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Density_satisfies_the_heat_equation(string name)
    {
        // dq/dt = (q'' + (d - 1) cot(a) q') / 2, relative to the peak. The steps balance truncation against
        // rounding.
        RadialHeatKernel kernel = KernelSamples.Named(name);
        int d = kernel.Dimension;
        double radius = kernel.Radius;
        foreach (double time in new[] { 1e-5, 0.01, 0.1, 0.4, 1.5 })
        {
            double peak = kernel.LogDensity(time, 0);
            double length = Math.Min(Math.Sqrt(time), radius / 2);
            double step = 0.06 * length;
            foreach (double distance in new[] { 0.3, 1, 2, 3.5, 5, 7 }.Select(x => x * length).Where(r => r + (4 * step) < kernel.Diameter))
            {
                double Relative(double t, double r) => Math.Exp(kernel.LogDensity(t, r) - peak);
                double inTime = time * FiniteDifferences.First(t => Relative(t, distance), time, 0.06 * time / (2 + d));
                double slope = FiniteDifferences.First(r => Relative(time, r), distance, step);
                double bend = FiniteDifferences.Second(r => Relative(time, r), distance, step);
                double inSpace = time * (bend + ((d - 1) / (radius * Math.Tan(distance / radius)) * slope)) / 2;
                Assert.True(Math.Abs(inTime - inSpace) < 1e-8 * (1 + (d / 2.0)), $"t {time}, r {distance}: {inTime} and {inSpace}");
            }
        }
    }

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("sphere:3")]
    [InlineData("sphere:5")]
    [InlineData("sphere:10")]
    [InlineData("projective:2")]
    [InlineData("projective:3")]
    public void Densities_compose_like_those_of_a_Markov_process(string name)
    {
        // Chapman-Kolmogorov: the integral of q_s(p, z) q_t(z, q) over z is q_(s+t)(p, q).
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach ((double s, double t) in new[] { (0.05, 0.08), (0.2, 0.3), (0.4, 1.1), (1.5, 2) })
        {
            foreach (double distance in new[] { 0.0, 0.4, 1.1, 0.95 * kernel.Diameter })
            {
                double composed = Compose(kernel, s, t, distance);
                Assert.Equal(1, composed / Math.Exp(kernel.LogDensity(s + t, distance)), 1e-8);
            }
        }
    }

    private static double Compose(RadialHeatKernel kernel, double s, double t, double distance)
    {
        // z lies at distance r from p, in a direction that makes the angle phi with that to q; directions
        // with this angle have the (d - 2)-area Vol(S^(d-2)) sin(phi)^(d-2). On the circle there are two
        // directions only.
        int d = kernel.Dimension;
        double Remaining(double r, double cosinePhi)
        {
            double cosine = Math.Clamp((Math.Cos(r) * Math.Cos(distance)) + (Math.Sin(r) * Math.Sin(distance) * cosinePhi), -1, 1);
            return Math.Min(Math.Acos(kernel is ProjectiveHeatKernel ? Math.Abs(cosine) : cosine), kernel.Diameter);
        }

        double Onward(double r) => d == 1
            ? Math.Exp(kernel.LogDensity(t, Remaining(r, 1))) + Math.Exp(kernel.LogDensity(t, Remaining(r, -1)))
            : Math.Exp(UnitSphere.LogVolume(d - 2)) * PanelQuadrature.Integrate(
                phi => Math.Pow(Math.Sin(phi), d - 2) * Math.Exp(kernel.LogDensity(t, Remaining(r, Math.Cos(phi)))), 0, Math.PI,
                panels: 20);

        return PanelQuadrature.Integrate(
            r => Math.Exp(kernel.LogDensity(s, r)) * Math.Pow(Math.Sin(r), d - 1) * Onward(r), 0, kernel.Diameter, panels: 24);
    }
}
