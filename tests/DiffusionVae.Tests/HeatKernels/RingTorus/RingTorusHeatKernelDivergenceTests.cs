using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class RingTorusHeatKernelDivergenceTests
{
    [Theory]
    [InlineData(3, 0.6, -4.25, 40)]
    [InlineData(3, 0.6, -3.75, 32)]
    [InlineData(3, 0.6, -3, 24)]
    [InlineData(3, 0.6, -2, 16)]
    [InlineData(3, 0.6, -1, 12)]
    [InlineData(3, 0.6, 0, 12)]
    [InlineData(3, 0.6, 1, 12)]
    [InlineData(1.5, 1, -1.5, 24)]
    [InlineData(1.2, 1, 1, 20)]
    public void Agrees_with_finite_volumes(double core, double tube, double logTime, int quarterPoints)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double time = Math.Exp(logTime);
        for (int quarter = 0; quarter <= 2; quarter++)
        {
            double expected = RingTorusFiniteVolumes.Divergence(core, tube, time, quarter, quarterPoints / 4);
            double actual = kernel.Divergence(time, Math.PI * quarter / 2);
            Assert.True(Math.Abs(actual - expected) < 2e-6, $"quarter {quarter}: {actual} against {expected}, {actual - expected:E1}");
        }
    }

    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(3, 2)]
    [InlineData(0.03, 0.001)]
    public void Does_not_jump_where_the_expansion_hands_over(double core, double tube)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double time = kernel.HandoverTime;
        foreach (double u in new[] { 0, 1, 2, 2.6, Math.PI })
        {
            // The slope in log t is nearly -1.
            double jump = kernel.Divergence(time * (1 + 1e-9), u) - kernel.Divergence(time * (1 - 1e-9), u);
            Assert.InRange(jump, -6e-7, 6e-7);
        }
    }

    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(3, 1.5)]
    [InlineData(3, 0.01)]
    public void Is_positive_and_decreases_from_the_shortest_times_to_the_longest(double core, double tube)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        foreach (double u in new[] { 0, 1.5, Math.PI })
        {
            double previous = double.PositiveInfinity;
            for (double logTime = -13.8; logTime <= 6.9; logTime += 0.3)
            {
                double divergence = kernel.Divergence(Math.Exp(logTime), u);
                Assert.True(divergence > 0 && divergence < previous, $"log t = {logTime}, u = {u}: {divergence} after {previous}");
                previous = divergence;
            }
        }
    }

    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(2, 1)]
    public void Decays_with_the_first_eigenvalue(double core, double tube)
    {
        var kernel = new RingTorusHeatKernel(core, tube);
        double expected = FirstEigenvalue(core, tube);
        foreach (double u in new[] { 0, 2, Math.PI })
        {
            double rate = (kernel.LogDivergence(400, u) - kernel.LogDivergence(900, u)) / 500;
            Assert.Equal(expected, rate, 9);
        }
    }

    [Fact]
    public void Underflows_to_zero_and_not_below()
    {
        var kernel = new RingTorusHeatKernel();
        Assert.Equal(0, kernel.Divergence(1e6, 1));
        Assert.InRange(kernel.LogDivergence(1e6, 1), -1.2e5, -1.0e5);
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(10)]
    public void On_a_thin_ring_is_that_of_two_circles(double time)
    {
        const double core = 1000;
        var kernel = new RingTorusHeatKernel(core, 1);
        double expected = CircleDivergence(time) + CircleDivergence(time / (core * core));
        Assert.Equal(expected, kernel.MeanDivergence(time), 5);
    }

    [Fact]
    public void On_a_thin_ring_decays_like_that_of_the_long_circle()
    {
        // Rounding in the modes of the tube is largest, against the slow mode, on the thinnest ring.
        const double core = 1000;
        var kernel = new RingTorusHeatKernel(core, 1);
        foreach (double time in new[] { 0.5e6, 1e6, 3e6 })
        {
            Assert.Equal(Math.Log(CircleDivergence(time / (core * core))), kernel.LogDivergence(time, Math.PI / 2), 5);
        }
    }

    [Fact]
    public void Scales_like_a_length()
    {
        var large = new RingTorusHeatKernel(3, 0.6);
        var small = new RingTorusHeatKernel(3e-3, 0.6e-3);
        foreach (double time in new[] { 1e-3, 0.1, 30 })
        {
            Assert.Equal(large.Divergence(time, 1), small.Divergence(time * 1e-6, 1), 10);
            Assert.Equal(large.LogDensity(time, 1, 1.1, 0.02), small.LogDensity(time * 1e-6, 1, 1.1, 0.02) + Math.Log(1e-6), 9);
        }
    }

    /// <summary>
    /// KL of the wrapped Gaussian on the unit circle, as an integral over the circle, or over ten standard
    /// deviations of it.
    /// </summary>
    private static double CircleDivergence(double time)
    {
        const int Points = 200;
        double reach = Math.Min(Math.PI, 10 * Math.Sqrt(time));
        double sum = 0;
        for (int i = 0; i < Points; i++)
        {
            double angle = reach * ((((2 * i) + 1.0) / Points) - 1);
            double ratio = 0;
            for (int image = -15; image <= 15; image++)
            {
                double distance = angle + (2 * Math.PI * image);
                ratio += Math.Exp(-distance * distance / (2 * time)) * Math.Sqrt(2 * Math.PI / time);
            }

            sum += ratio > 0 ? ratio * Math.Log(ratio) * reach / Math.PI / Points : 0;
        }

        return sum;
    }

    /// <summary>
    /// The smallest lambda with (w f')' = (1/w - lambda w) f, f'(0) = f'(pi) = 0, by shooting and bisection.
    /// </summary>
    private static double FirstEigenvalue(double core, double tube)
    {
        double a = core / tube;
        double low = 0;
        double high = 1 / ((a - 1) * (a - 1));
        while (high - low > 1e-14)
        {
            double middle = (low + high) / 2;
            (low, high) = FinalFlux(a, middle) > 0 ? (middle, high) : (low, middle);
        }

        return low / (tube * tube);
    }

    private static double FinalFlux(double a, double lambda)
    {
        const int Steps = 2000;
        const double H = Math.PI / Steps;
        (double F, double Flux) Rate(double u, double f, double flux)
        {
            double w = a + Math.Cos(u);
            return (flux / w, ((1 / w) - (lambda * w)) * f);
        }

        double f = 1;
        double flux = 0;
        for (int i = 0; i < Steps; i++)
        {
            double u = i * H;
            var k1 = Rate(u, f, flux);
            var k2 = Rate(u + (H / 2), f + (H / 2 * k1.F), flux + (H / 2 * k1.Flux));
            var k3 = Rate(u + (H / 2), f + (H / 2 * k2.F), flux + (H / 2 * k2.Flux));
            var k4 = Rate(u + H, f + (H * k3.F), flux + (H * k3.Flux));
            f += H / 6 * (k1.F + (2 * k2.F) + (2 * k3.F) + k4.F);
            flux += H / 6 * (k1.Flux + (2 * k2.Flux) + (2 * k3.Flux) + k4.Flux);
        }

        return flux;
    }
}
