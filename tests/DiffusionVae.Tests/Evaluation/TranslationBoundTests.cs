using DiffusionVae.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

public class TranslationBoundTests
{
    [Fact]
    public void The_simple_picture_has_the_limit_of_the_expansion_about_its_peak()
    {
        using DisposeScope scope = NewDisposeScope();
        TranslationBound limit = TranslationBound.Compute(Simple(64));
        double laplace = (-2048 * Math.Log(2 * Math.PI)) - Math.Log(512 / (2 * Math.PI)) - Math.Log(4 * Math.PI * Math.PI);
        Assert.Equal(-3772.05, limit.LogLikelihood, 0.005);
        // The next term of the expansion, 1/(8 I) for each of two angles of information I = 512.
        Assert.Equal(laplace + (2 / (8 * 512.0)), limit.LogLikelihood, 2e-6);
        Assert.Equal(512, limit.Information.Down, 1e-9);
        Assert.Equal(512, limit.Information.Across, 1e-9);
        Assert.Equal(0, limit.Information.Mixed, 1e-9);
    }

    [Theory]
    [InlineData(6, 8)]
    [InlineData(5, 8)]
    [InlineData(7, 3)]
    public void It_is_the_mean_over_translates_made_one_by_one(int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor picture = Random(height, width);
        const int steps = 48;
        const double variance = 40;
        double mean = 0;
        for (int i = 0; i < steps * steps; i++)
        {
            Tensor moved = Translated(picture, (double)(i / steps) / steps * height, (double)(i % steps) / steps * width);
            mean += Math.Exp(-(moved - picture).square().sum().item<double>() / (2 * variance)) / (steps * steps);
        }
        double expected = Math.Log(mean) - (height * width / 2.0 * Math.Log(2 * Math.PI * variance));
        Assert.Equal(expected, TranslationBound.Compute(picture, variance).LogLikelihood, 1e-9);
    }

    [Fact]
    public void Information_is_the_squared_length_of_the_slope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor picture = Random(7, 5);
        const double step = 1e-3;
        Tensor down = (Translated(picture, step, 0) - Translated(picture, -step, 0)) / (2 * step * 2 * Math.PI / 7);
        Tensor across = (Translated(picture, 0, step) - Translated(picture, 0, -step)) / (2 * step * 2 * Math.PI / 5);
        FisherInformation information = TranslationBound.Compute(picture, 2).Information;
        Assert.Equal((down * down).sum().item<double>() / 2, information.Down, 1e-3);
        Assert.Equal((down * across).sum().item<double>() / 2, information.Mixed, 1e-3);
        Assert.Equal((across * across).sum().item<double>() / 2, information.Across, 1e-3);
    }

    [Fact]
    public void Translates_constants_and_transposition_change_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor picture = Random(7, 9);
        double value = TranslationBound.Compute(picture).LogLikelihood;
        Assert.Equal(value, TranslationBound.Compute(Translated(picture, 2.3, -1.7)).LogLikelihood, 1e-9);
        Assert.Equal(value, TranslationBound.Compute(picture.roll(3, 1)).LogLikelihood, 1e-9);
        Assert.Equal(value, TranslationBound.Compute(picture + 5).LogLikelihood, 1e-8);
        Assert.Equal(value, TranslationBound.Compute(-picture.transpose(0, 1)).LogLikelihood, 1e-9);
        Assert.Equal(value - (63 / 2.0 * Math.Log(4)), TranslationBound.Compute(picture * 2, 4).LogLikelihood, 1e-9);
    }

    [Fact]
    public void A_picture_without_features_loses_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(-8 * Math.Log(2 * Math.PI), TranslationBound.Compute(ones(4, 4)).LogLikelihood, 1e-12);
    }

    [Fact]
    public void Means_pulled_inwards_exceed_it_by_no_more_than_the_documentation_says()
    {
        // For one angle: the mean of exp(-|x - a y|²/2) over the circle of radius ρ that x and y lie on, at
        // the best a = 1 - 1/(2 ρ²).
        const double rho = 22.627416997969522; // information 512
        double best = LogMean(rho - (1 / (2 * rho))), own = LogMean(rho);
        Assert.InRange(best - own, 0.9 / (8 * 512), 1.1 / (8 * 512));

        static double LogMean(double radius) => Math.Log(Enumerable.Range(0, 20_000)
            .Average(i => Math.Exp(-0.5 * ((rho * rho) + (radius * radius) - (2 * rho * radius * Math.Cos(2 * Math.PI * i / 20_000))))));
    }

    [Fact]
    public void Wrong_pictures_and_variances_are_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Throws<ArgumentException>("picture", () => TranslationBound.Compute(ones(4)));
        Assert.Throws<ArgumentException>("picture", () => TranslationBound.Compute(full(4, 4, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>("variance", () => TranslationBound.Compute(ones(4, 4), 0));
        Assert.Throws<ArgumentOutOfRangeException>("variance", () => TranslationBound.Compute(Simple(16), 1e-9));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using Tensor picture = Random(5, 6).DetachFromDisposeScope();
        Assert.Equal(0, Leaks.Of(() => TranslationBound.Compute(picture)));
    }

    /// <summary>(cos + cos) / 2.</summary>
    private static Tensor Simple(int size)
    {
        Tensor wave = (arange(size, dtype: ScalarType.Float64) * (2 * Math.PI / size)).cos();
        return (wave.unsqueeze(-1) + wave) / 2;
    }

    private static Tensor Random(int height, int width)
    {
        using var generator = new Generator(5, CPU);
        return randn([height, width], ScalarType.Float64, generator: generator);
    }

    /// <summary>By the interpolation kernel of each axis, whose components are summed one by one.</summary>
    private static Tensor Translated(Tensor picture, double down, double across) =>
        matmul(matmul(Kernel(picture.size(0), down), picture), Kernel(picture.size(1), across).transpose(0, 1));

    private static Tensor Kernel(long count, double shift)
    {
        Tensor positions = arange(count, dtype: ScalarType.Float64);
        Tensor angles = (positions.unsqueeze(-1) - positions - shift) * (2 * Math.PI / count);
        Tensor kernel = ones_like(angles);
        for (long k = 1; 2 * k < count; k++)
        {
            kernel += 2 * (k * angles).cos();
        }
        if (count % 2 == 0)
        {
            // The Nyquist component is cos(π x) at whole x; translated, cos(π (x - s)), which at whole x is
            // cos(π x) cos(π s).
            kernel += (positions * Math.PI).cos() * ((positions.unsqueeze(-1) - shift) * Math.PI).cos();
        }
        return kernel / count;
    }
}
