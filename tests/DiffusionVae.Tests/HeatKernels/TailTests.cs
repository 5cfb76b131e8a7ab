using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

/// <summary>
/// The density far from the starting point, where it is many orders of magnitude below the peak.
/// </summary>
public class TailTests
{
    private static readonly double[] Times = [1e-6, 1e-4, 5e-3, 0.05, 0.3, 1.2];

    /// <summary>Distances up to some -700 nats, the cut locus included.</summary>
    private static IEnumerable<double> Distances(double time) =>
        new[] { 0.01, 0.5, 2, 5, 10, 20, 37 }.Select(x => x * Math.Sqrt(time)).Append(3).Append(3.1415).Append(Math.PI)
            .Where(a => a <= Math.PI && a * a / (2 * time) < 1100);

    [Fact]
    public void Circle_is_a_wrapped_Gaussian()
    {
        RadialHeatKernel kernel = KernelSamples.Named("sphere:1");
        foreach (double time in Times)
        {
            foreach (double a in Distances(time))
            {
                double expected = Math.Log(Images(time, a, k => 1)) - (a * a / (2 * time)) - (0.5 * Math.Log(2 * Math.PI * time));
                AssertClose(expected, kernel.LogDensity(time, a), time, a);
            }
        }
    }

    [Fact]
    public void Three_sphere_has_a_closed_form()
    {
        // exp(t/2) (2 pi t)^(-3/2) sum over k of (a + 2 pi k) exp(-(a + 2 pi k)^2 / (2t)) / sin a; at a = pi,
        // the limit.
        RadialHeatKernel kernel = KernelSamples.Named("sphere:3");
        foreach (double time in Times)
        {
            foreach (double a in Distances(time))
            {
                double sum = a == Math.PI
                    ? Images(time, a, k => (Math.Pow(a + (2 * Math.PI * k), 2) / time) - 1)
                    : Images(time, a, k => a + (2 * Math.PI * k)) / Math.Sin(a);
                double expected = Math.Log(sum) - (a * a / (2 * time)) + (time / 2) - (1.5 * Math.Log(2 * Math.PI * time));
                AssertClose(expected, kernel.LogDensity(time, a), time, a);
            }
        }
    }

    [Fact]
    public void Two_sphere_agrees_with_an_integral_over_images()
    {
        // sqrt(2) exp(t/8) (2 pi t)^(-3/2) times the integral over b from a to pi of sum (-1)^k (b + 2 pi k)
        // exp(-(b + 2 pi k)^2 / (2t)) over sqrt(cos a - cos b). With cos(b/2) = cos(a/2) cos(theta) the root
        // cancels: db / sqrt(cos a - cos b) = sqrt(2) dtheta / sin(b/2).
        RadialHeatKernel kernel = KernelSamples.Named("sphere:2");
        foreach (double time in Times)
        {
            foreach (double a in Distances(time).Where(a => a is > 0 and < 3.2))
            {
                double reach = Math.Min(Math.PI / 2, 10 * Math.Sqrt(time) / Math.Max(Math.Cos(a / 2), 1e-300));
                double integral = PanelQuadrature.Integrate(Integrand, 0, reach, panels: 400);
                double expected = Math.Log(2 * integral) - (a * a / (2 * time)) + (time / 8) - (1.5 * Math.Log(2 * Math.PI * time));
                AssertClose(expected, kernel.LogDensity(time, a), time, a);

                double Integrand(double theta)
                {
                    double sine = Math.Sqrt(Math.Pow(Math.Sin(a / 2), 2) + Math.Pow(Math.Cos(a / 2) * Math.Sin(theta), 2));
                    double b = 2 * Math.Atan2(sine, Math.Cos(a / 2) * Math.Cos(theta));
                    double images = Images(time, b, k => (int.IsEvenInteger(k) ? 1 : -1) * (b + (2 * Math.PI * k)));
                    return images * Math.Exp(((a * a) - (b * b)) / (2 * time)) / sine;
                }
            }
        }
    }

    /// <summary>
    /// K_(d+2) = -exp(d t / 2) / (2 pi sin a) dK_d / da, as an identity between logarithms: it holds to the
    /// same accuracy in any tail.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(48)]
    [InlineData(98)]
    public void Kernels_two_dimensions_apart_satisfy_the_recursion(int dimension)
    {
        RadialHeatKernel lower = KernelSamples.Named($"sphere:{dimension}");
        RadialHeatKernel upper = KernelSamples.Named($"sphere:{dimension + 2}");
        foreach (double time in Times)
        {
            double step = 0.02 * Math.Min(1, Math.Sqrt(time));
            foreach (double a in Distances(time).Where(a => a > 5 * step && a < Math.PI - (5 * step)))
            {
                double slope = FiniteDifferences.First(x => lower.LogDensityRatio(time, x), a, step);
                double expected = lower.LogDensity(time, a) + (dimension * time / 2) + Math.Log(-slope / (2 * Math.PI * Math.Sin(a)));
                double actual = upper.LogDensity(time, a);

                // Where the density is almost uniform its slope is a small difference of numbers near 1.
                double tolerance = 1e-8 + (1e-13 / (step * -slope));
                Assert.True(Math.Abs(expected - actual) < tolerance, $"t {time}, a {a}: {actual}, by recursion {expected}");
            }
        }
    }

    /// <summary>Sum over k of weight(k) exp(-(a + 2 pi k)^2 / (2t)), relative to the term k = 0.</summary>
    private static double Images(double time, double a, Func<int, double> weight) =>
        Enumerable.Range(-8, 17).Sum(k => weight(k) * Math.Exp(-2 * Math.PI * k * (a + (Math.PI * k)) / time));

    private static void AssertClose(double expected, double actual, double time, double distance) =>
        Assert.True(Math.Abs(expected - actual) < 1e-9, $"t {time}, a {distance}: {actual}, expected {expected}");
}
