using System.Globalization;
using System.Text.Json;
using DiffusionVae.HeatKernels;

namespace DiffusionVae.Tests.HeatKernels;

public class DivergenceTests
{
    public static TheoryData<string, double, double> ReferenceValues()
    {
        using Stream stream = typeof(DivergenceTests).Assembly.GetManifestResourceStream("kl.json")!;
        using var document = JsonDocument.Parse(stream);
        var data = new TheoryData<string, double, double>();
        foreach (JsonProperty manifold in document.RootElement.GetProperty("kl").EnumerateObject())
        {
            foreach (JsonProperty entry in manifold.Value.EnumerateObject())
            {
                data.Add(manifold.Name, double.Parse(entry.Name, CultureInfo.InvariantCulture), entry.Value.GetDouble());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ReferenceValues))]
    public void Divergence_agrees_with_series_summed_with_forty_digits(string manifold, double logTime, double expected)
    {
        // The flat torus is a product of two circles, over which the divergence adds up.
        double actual = manifold == "torus:2"
            ? 2 * KernelSamples.Named("sphere:1").Divergence(Math.Exp(logTime))
            : KernelSamples.Named(manifold).Divergence(Math.Exp(logTime));
        Assert.Equal(1, actual / expected, 1e-12);
    }

    [Fact]
    public void All_manifolds_of_the_reference_are_tested() => Assert.Equal(48, ReferenceValues().Count);

    /// <summary>
    /// KL = sum over k from 2 of (-1)^k E[e^k] / (k (k - 1)); on the circle e = 2 sum over n of q^(n^2) cos(n
    /// a) with q = exp(-t / 2), and the mean of e^k is the constant coefficient of the k-th power of a
    /// Laurent polynomial, all of whose terms are positive.
    /// </summary>
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(22)]
    [InlineData(50)]
    [InlineData(300)]
    [InlineData(700)]
    public void Small_divergence_on_the_circle_agrees_with_moments(double time)
    {
        const int modes = 4;
        const int orders = 16;
        double[] excess = [.. Enumerable.Range(-modes, (2 * modes) + 1).Select(n => n == 0 ? 0 : Math.Exp(-n * n * time / 2))];
        double[] power = excess;
        double expected = 0;
        for (int k = 2; k <= orders; k++)
        {
            power = Convolve(power, excess);
            expected += (int.IsEvenInteger(k) ? 1 : -1) * power[power.Length / 2] / (k * (k - 1));
        }

        Assert.Equal(1, KernelSamples.Named("sphere:1").Divergence(time) / expected, 1e-9);
    }

    /// <summary>
    /// On S^3, e = sum over n of (n + 1) exp(-n (n + 2) t / 2) sin((n + 1) a) / sin a, with weight (2 / pi)
    /// sin(a)^2, periodic in a.
    /// </summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(100)]
    public void Small_divergence_on_the_three_sphere_agrees_with_moments(double time)
    {
        const int points = 240;
        const int orders = 24;
        double expected = 0;
        for (int k = 2; k <= orders; k++)
        {
            double moment = 0;
            for (int j = 1; j < points; j++)
            {
                double angle = Math.PI * j / points;
                double excess = Enumerable.Range(1, 12)
                    .Sum(n => (n + 1) * Math.Exp(-n * (n + 2) * time / 2) * Math.Sin((n + 1) * angle) / Math.Sin(angle));
                moment += 2.0 / points * Math.Sin(angle) * Math.Sin(angle) * Math.Pow(excess, k);
            }

            expected += (int.IsEvenInteger(k) ? 1 : -1) * moment / (k * (k - 1));
        }

        Assert.Equal(1, KernelSamples.Named("sphere:3").Divergence(time) / expected, 1e-8);
    }

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("sphere:7")]
    [InlineData("sphere:50")]
    [InlineData("projective:1")]
    [InlineData("projective:4")]
    [InlineData("so3")]
    public void Divergence_falls_with_time_and_is_never_negative(string name)
    {
        RadialHeatKernel kernel = KernelSamples.Named(name);
        double previous = double.PositiveInfinity;
        for (double logTime = Math.Log(1e-6); logTime <= Math.Log(1e3); logTime += 0.37)
        {
            double log = kernel.LogDivergence(Math.Exp(logTime));
            Assert.True(log < previous, $"log KL is {log} at log t = {logTime}, was {previous} before");
            Assert.True(kernel.Divergence(Math.Exp(logTime)) >= 0);
            previous = log;
        }
    }

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("sphere:5")]
    [InlineData("sphere:10")]
    [InlineData("sphere:50")]
    [InlineData("projective:2")]
    [InlineData("projective:10")]
    public void Divergence_agrees_where_the_methods_meet(string name)
    {
        // A jump would show in full in this third difference; of a smooth function only 2 h^3 f''' is left,
        // some 1e-11.
        RadialHeatKernel kernel = KernelSamples.Named(name);
        double At(int i) => kernel.LogDivergence(kernel.Crossover * kernel.Radius * kernel.Radius * (1 + (1e-4 * i)));
        Assert.Equal(0, (2 * (At(1) - At(-1))) - (At(2) - At(-2)), 1e-9);
    }

    [Fact]
    public void Projective_line_of_radius_two_is_the_unit_circle()
    {
        var line = new ProjectiveHeatKernel(1, 2);
        RadialHeatKernel circle = KernelSamples.Named("sphere:1");
        foreach (double time in new[] { 1e-6, 0.01, 0.3, 1, 3, 30 })
        {
            Assert.Equal(1, line.Divergence(time) / circle.Divergence(time), 1e-9);
            Assert.Equal(
                circle.LogDensity(time, 2.5), line.LogDensity(time, 2.5), 1e-9 * Math.Max(1, Math.Abs(circle.LogDensity(time, 2.5))));
        }
    }

    private static double[] Convolve(double[] left, double[] right)
    {
        double[] product = new double[left.Length + right.Length - 1];
        for (int i = 0; i < left.Length; i++)
        {
            for (int j = 0; j < right.Length; j++)
            {
                product[i + j] += left[i] * right[j];
            }
        }

        return product;
    }
}
