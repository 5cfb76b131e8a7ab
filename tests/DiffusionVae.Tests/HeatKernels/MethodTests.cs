using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

/// <summary>The spectral series and the contour integral are two roads to the same number.</summary>
public class MethodTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(21)]
    [InlineData(50)]
    [InlineData(100)]
    public void Series_and_contour_agree_around_the_crossover(int dimension)
    {
        var series = new GegenbauerSeries(dimension);
        var contour = new SphereContour(dimension);
        foreach (double factor in new[] { 0.7, 0.85, 1, 1.15, 1.3 })
        {
            double time = factor * series.Crossover;
            foreach (double angle in new[] { 0, 1e-9, 0.2, 0.9, 1.6, 2.4, 3.1, Math.PI })
            {
                Assert.Equal(Math.Log(1 + series.Excess(time, angle)), contour.LogRatio(time, angle), 2e-12);
            }
        }
    }

    [Fact]
    public void Crossover_is_where_the_pole_has_twice_the_uniform_density()
    {
        foreach (int dimension in new[] { 1, 2, 10, 50 })
        {
            var series = new GegenbauerSeries(dimension);
            Assert.Equal(1, series.Excess(series.Crossover, 0), 1e-6);
        }
    }

    [Fact]
    public void Unit_spheres_have_their_volumes()
    {
        double[] volumes = [2, 2 * Math.PI, 4 * Math.PI, 2 * Math.PI * Math.PI, 8 * Math.PI * Math.PI / 3, Math.Pow(Math.PI, 3)];
        for (int d = 0; d < volumes.Length; d++)
        {
            Assert.Equal(Math.Log(volumes[d]), UnitSphere.LogVolume(d), 1e-14);
        }
    }

    [Fact]
    public void Rotations_have_the_volume_of_the_Frobenius_metric() =>
        Assert.Equal(Math.Log(16 * Math.Sqrt(2) * Math.PI * Math.PI), KernelSamples.Named("so3").LogVolume, 1e-13);

    [Fact]
    public void Gauss_Legendre_is_exact_for_polynomials_of_twice_its_order()
    {
        var rule = new GaussLegendre(12);
        for (int power = 0; power < 24; power++)
        {
            double exact = (Math.Pow(2, power + 1) - Math.Pow(-1, power + 1)) / (power + 1);
            Assert.Equal(1, rule.Integrate(x => Math.Pow(x, power), -1, 2) / exact, 1e-13);
        }
    }

    [Fact]
    public void Chebyshev_series_differentiate_and_integrate()
    {
        var series = new Chebyshev(x => Math.Exp(2 * x), -1, 0.5, 24);
        foreach (double x in new[] { -1, -0.3, 0.5 })
        {
            Assert.Equal(Math.Exp(2 * x), series.At(x), 1e-13);
            Assert.Equal(2 * Math.Exp(2 * x), series.Derivative().At(x), 1e-11);
            Assert.Equal((Math.Exp(2 * x) - Math.Exp(-2)) / 2, series.Antiderivative().At(x), 1e-13);
        }
    }

    [Fact]
    public void Logarithms_near_one_keep_their_digits()
    {
        foreach (double x in new[] { 1e-300, 1e-20, -1e-12, 1e-5 })
        {
            Assert.Equal(1, Log1p.Compute(x) / (x - (x * x / 2) + (x * x * x / 3)), 1e-14);
            Assert.Equal(1, (RelativeEntropy.OfExcess(x) + double.Epsilon) / ((x * x / 2) - (x * x * x / 6) + double.Epsilon), 1e-10);
        }

        // Both branches where they meet.
        Assert.Equal(1, RelativeEntropy.OfExcess(0.1) / RelativeEntropy.OfExcess(Math.BitIncrement(0.1)), 1e-12);
        Assert.Equal(1, RelativeEntropy.OfExcess(-0.1) / RelativeEntropy.OfExcess(Math.BitDecrement(-0.1)), 1e-12);
    }
}
