using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public class SamplingTests
{
    private static readonly double[] Times = [1.3e-6, 2e-4, 0.013, 0.11, 0.37, 0.9, 2.3, 40, 900];

    public static TheoryData<string> Names =>
        ["sphere:1", "sphere:2", "sphere:3", "sphere:10", "sphere:50", "projective:1", "projective:2", "projective:3", "so3"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Quantiles_invert_the_integral_of_the_density(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach (double time in Times)
        {
            RadialDistribution distribution = kernel.At(time);
            foreach (double u in new[] { 1e-6, 1e-3, 0.2, 0.5, 0.8, 0.999, 1 - 1e-6 })
            {
                double distance = distribution.Quantile(u);
                double mass = PanelQuadrature.Integrate(
                    r => Math.Exp(kernel.LogAreaOfGeodesicSphere(r) + kernel.LogDensity(time, r)), 0, distance, panels: 24);
                Assert.Equal(u, mass, 1e-10);
                Assert.Equal(u, distribution.CumulativeProbability(distance), 1e-12);
            }

            Assert.Equal(0, distribution.CumulativeProbability(0), 1e-15);
            Assert.Equal(1, distribution.CumulativeProbability(kernel.Diameter), 1e-12);
            Assert.Equal(0, distribution.Quantile(0));
            Assert.InRange(distribution.Quantile(1), distribution.Quantile(1 - 1e-6), kernel.Diameter);
        }
    }

    [Theory]
    [InlineData("sphere:2", 1e-6, 1e-6)]
    [InlineData("sphere:3", 2e-6, 1e-6)]
    [InlineData("sphere:10", 1e-7, 1e-9)]
    [InlineData("sphere:50", 1e-7, 1e-9)]
    public void Table_agrees_with_quantiles_at_any_time(string name, double tolerance, double smallestTail)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        for (double logTime = Math.Log(1e-9); logTime < Math.Log(1e3); logTime += 0.4321)
        {
            double time = Math.Exp(logTime);
            RadialDistribution distribution = kernel.At(time);
            foreach (double u in new[] { 1e-12, 1e-6, 0.01, 0.13, 0.4, 0.6, 0.9, 0.99, 1 - smallestTail })
            {
                double error = (kernel.SampleDistance(time, u) - distribution.Quantile(u)) / Math.Min(1, Math.Sqrt(time));
                Assert.True(Math.Abs(error) < tolerance, $"log t {logTime}, u {u}: off by {error}");
            }
        }
    }

    [Fact]
    public void Half_normal_quantiles_invert_the_integral_of_the_density()
    {
        foreach (double u in new[] { 1e-9, 0.1, 0.5, 0.8499, 0.8501, 0.99, 1 - 1e-9, 1 - 1e-15 })
        {
            double x = HalfNormal.Quantile(u);
            double tail = Math.Sqrt(2 / Math.PI) * PanelQuadrature.Integrate(y => Math.Exp(-y * y / 2), x, x + 12, panels: 200);
            Assert.Equal(1, tail / (1 - u), 1e-10);
        }

        Assert.Equal(0.6744897501960817, HalfNormal.Quantile(0.5), 1e-15);
        Assert.Equal(0, HalfNormal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, HalfNormal.Quantile(1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sampled_distances_follow_the_distribution(string name)
    {
        // Every draw has its own time, from a set of sixty; by the distribution function of that time it
        // becomes uniform (Kolmogorov-Smirnov).
        const int seed = 20240607;
        const int count = 12_000;
        const double falseAlarm = 1e-6;
        RadialHeatKernel kernel = KernelSamples.Named(name);
        var random = new Random(seed);
        RadialDistribution[] distributions =
            [.. Enumerable.Range(0, 60).Select(_ => kernel.At(Math.Exp(Math.Log(1e-6) + (random.NextDouble() * Math.Log(1e9)))))];
        double[] uniform = new double[count];
        for (int i = 0; i < count; i++)
        {
            RadialDistribution distribution = distributions[i % distributions.Length];
            uniform[i] = distribution.CumulativeProbability(kernel.SampleDistance(distribution.Time, random.NextDouble()));
        }

        Array.Sort(uniform);
        double statistic = uniform.Select((u, i) => Math.Max(((i + 1.0) / count) - u, u - ((double)i / count))).Max();
        double critical = Math.Sqrt(-Math.Log(falseAlarm / 2) / (2.0 * count));
        Assert.True(statistic < critical, $"Kolmogorov-Smirnov statistic {statistic}, critical {critical}, seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extreme_arguments_give_points_of_the_space(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        foreach (double time in new[] { 1e-300, 1e-12, 1e-6, 1, 1e6, 1e300 })
        {
            foreach (double u in new[] { 0, double.Epsilon, 0.5, 1 - 1e-16, 1 })
            {
                Assert.InRange(kernel.SampleDistance(time, u), 0, kernel.Diameter);
            }
        }
    }
}
