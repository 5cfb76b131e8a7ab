using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>Options, the range of log t, and products.</summary>
public class LatentSpaceTests
{
    public static TheoryData<string> Closed => Examples.Closed;

    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    public static TheoryData<string> Products => [.. Examples.Products];

    [Fact]
    public void Every_option_out_of_range_is_named_with_its_value()
    {
        var options = new LatentOptions { Steps = 0, Bounds = new LogTimeBounds(-3, -4), InitialLogTime = 7.5 };
        Assert.Equal(
            [
                "Steps is 0; it must be at least 1.",
                "Bounds of log t are -3 to -4; they must be increasing and lie between -30 and 10.",
                "InitialLogTime is 7.5; it must lie between -13.8 and 6.9.",
            ],
            options.Faults());
        foreach (string id in ManifoldCatalogue.Examples)
        {
            var fault = Assert.Throws<ArgumentException>(() => LatentSpace.Parse(id, options));
            Assert.Equal(string.Join(Environment.NewLine, options.Faults()), fault.Message);
        }
    }

    [Theory]
    [InlineData(-30.5, -4)]
    [InlineData(-4, 10.5)]
    [InlineData(double.NaN, -4)]
    [InlineData(-4, double.NaN)]
    [InlineData(-4, -4)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void Bounds_that_are_no_interval_are_a_fault(double lower, double upper) =>
        Assert.Single(new LatentOptions { Bounds = new LogTimeBounds(lower, upper) }.Faults());

    [Fact]
    public void The_defaults_are_as_documented()
    {
        var options = new LatentOptions();
        Assert.Empty(options.Faults());
        Assert.Null(options.Divergence);
        Assert.Null(options.Bounds);
        Assert.Null(options.Projection);
        Assert.Equal((10, -3), (options.Steps, options.InitialLogTime));
        Assert.Equal((-8.75, -3.75), (LogTimeBounds.Paper.Lower, LogTimeBounds.Paper.Upper));
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public void Bounded_log_t_fills_its_interval_and_does_not_leave_it(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent =
            LatentSpace.Parse(id, new LatentOptions { Divergence = DivergenceMethod.Asymptotic, Bounds = new LogTimeBounds(-9, -5) });
        double[] logTimes = Numeric.Values(
            latent.LogTime(tensor(new[] { float.NegativeInfinity, -1e30f, -1, 0, 1, 1e30f, float.PositiveInfinity }).unsqueeze(-1)));
        Assert.Equal([-9, -9, -7 - (2 * Math.Tanh(1)), -7, -7 + (2 * Math.Tanh(1)), -5, -5], logTimes, new Near(1e-6));
    }

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void Log_t_is_finite_whatever_the_network_puts_out_and_moves_with_it_in_between(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor outputs = tensor(new[] { -1e38f, -1, 0, 1, 1e38f }).unsqueeze(-1).repeat(1, latent.TimeDimension).requires_grad_();
        Tensor logTime = latent.LogTime(outputs);
        Assert.Equal([5, latent.TimeDimension], logTime.shape);
        Assert.InRange(Numeric.Greatest(logTime), 0, 20.001);
        logTime.sum().backward();
        Assert.True(outputs.grad!.isfinite().all().item<bool>());
        Assert.True(outputs.grad!.narrow(0, 1, 3).gt(0).all().item<bool>());
    }

    [Fact]
    public void A_mean_log_time_within_a_fiftieth_of_a_bound_sits_at_it()
    {
        var bounded = (DiffusionLatentSpace)LatentSpace.Parse("torus", new LatentOptions { Bounds = new LogTimeBounds(-8, -4) });
        Assert.Equal(-4, bounded.BoundAt(-4.07));
        Assert.Null(bounded.BoundAt(-4.09));
        Assert.Null(bounded.BoundAt(-7.91));
        Assert.Equal(-8, bounded.BoundAt(-7.93));
        Assert.Null(((DiffusionLatentSpace)LatentSpace.Parse("torus")).BoundAt(6.9));
    }

    [Theory]
    [InlineData("torus:2", 1)]
    [InlineData("sphere:5", 0)]
    [InlineData("projective:2", 1)]
    [InlineData("embedded-torus:3,0.6", 0.9)] // positive on average, negative at the inner equator
    [InlineData("embedded-torus:3,0.6", 2)]
    [InlineData("so3", 3)]
    public void An_expansion_up_to_times_at_which_it_is_no_divergence_is_refused(string id, double upper)
    {
        foreach (DivergenceMethod method in new[] { DivergenceMethod.Asymptotic, DivergenceMethod.Paper })
        {
            var options = new LatentOptions { Divergence = method, Bounds = new LogTimeBounds(-8, upper) };
            string message = Assert.Throws<ArgumentException>(() => LatentSpace.Parse(id, options)).Message;
            Assert.StartsWith(
                FormattableString.Invariant($"Up to log t = {upper} the short-time expansion is not a divergence on '{id}'"), message,
                StringComparison.Ordinal);
            Assert.NotNull(LatentSpace.Parse(id, options with { Bounds = LogTimeBounds.Paper }));
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void A_product_is_its_factors_side_by_side(string id) => Replay.Seeds(generator =>
    {
        LatentSpace product = LatentSpace.Parse(id);
        Tensor state = generator.get_state();
        Tensor x = product.Project(randn([6, product.AmbientDimension], generator: generator)),
            logTime = product.LogTime(randn([6, product.TimeDimension], generator: generator));
        var posterior = new Posterior { Mean = x, LogTime = logTime };
        Tensor divergence = product.Divergence(posterior), features = product.Features(x);
        Assert.Equal([6, product.Components.Count], divergence.shape);
        Assert.Equal([6, product.FeatureDimension], features.shape);
        generator.set_state(state);
        Tensor samples = product.Sample(posterior, generator);
        generator.set_state(state);
        (long point, long time, long feature) = (0, 0, 0);
        for (int i = 0; i < product.Components.Count; i++)
        {
            LatentSpace factor = product.Components[i];
            var part = new Posterior
            {
                Mean = x.narrow(-1, point, factor.AmbientDimension),
                LogTime = logTime.narrow(-1, time, factor.TimeDimension),
            };
            Assert.Equal(Numeric.Values(factor.Divergence(part)), Numeric.Values(divergence.narrow(-1, i, 1)));
            Assert.Equal(
                Numeric.Values(factor.Sample(part, generator)), Numeric.Values(samples.narrow(-1, point, factor.AmbientDimension)));
            Assert.Equal(Numeric.Values(factor.Features(part.Mean)), Numeric.Values(features.narrow(-1, feature, factor.FeatureDimension)));
            (point, time, feature) = (point + factor.AmbientDimension, time + factor.TimeDimension, feature + factor.FeatureDimension);
        }
        Assert.Equal((product.AmbientDimension, product.TimeDimension, product.FeatureDimension), ((int)point, (int)time, (int)feature));
        Assert.Equal(product.Components.Sum(factor => factor.Dimension), product.Dimension);
    }, count: 1);

    [Fact]
    public void Gaussian_posteriors_have_the_mean_and_the_variances_that_are_asked_for() => Replay.Seeds(generator =>
    {
        const int count = 40_000;
        double[] mean = [0.3, -2], logVariance = [-4, 1];
        LatentSpace plane = LatentSpace.Parse("euclidean:2");
        var posterior = new Posterior { Mean = tensor(mean).repeat(count, 1), LogTime = tensor(logVariance).repeat(count, 1) };
        Tensor deviation = plane.Sample(posterior, generator) - posterior.Mean;
        for (int i = 0; i < 2; i++)
        {
            double variance = Math.Exp(logVariance[i]);
            Tensor along = deviation.select(-1, i);
            Statistics.AssertMean(0, along.mean().item<double>(), Math.Sqrt(variance), count, "mean");
            // The fourth moment of a normal variable is 3 σ⁴.
            Statistics.AssertMean(variance, along.square().mean().item<double>(), Math.Sqrt(2) * variance, count, "variance");
        }
    });

    [Fact]
    public void Representatives_of_a_product_are_all_combinations()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentSpace product = LatentSpace.Parse("projective:1*sphere:1*projective:1");
        Tensor p = tensor(new float[] { 1, 0, 0, 1, 0.6f, 0.8f }).unsqueeze(0);
        IEnumerable<string> all = product.Representatives(p).Select(point => string.Join(' ', Numeric.Values(point).Select(Math.Sign)));
        Assert.Equal(["1 0 0 1 1 1", "1 0 0 1 -1 -1", "-1 0 0 1 1 1", "-1 0 0 1 -1 -1"], all);
    }

    [Fact]
    public void A_product_of_one_factor_is_refused_and_products_of_products_are_taken_apart()
    {
        LatentSpace circle = LatentSpace.Parse("torus:1");
        Assert.Throws<ArgumentException>(() => new ProductLatentSpace([circle]));
        Assert.Equal(3, new ProductLatentSpace([circle, new ProductLatentSpace([circle, circle])]).Components.Count);
    }

    [Fact]
    public void A_manifold_known_by_its_projection_alone_can_be_walked_on_but_not_sampled()
    {
        using DisposeScope scope = NewDisposeScope();
        var sphere = new Sphere(2);
        LatentSpace latent = LatentSpace.Create(new ProjectedManifold("mine", 2, 3, sphere.Project));
        Assert.False(latent.HasAbsoluteDivergence);
        Tensor mean = sphere.SampleUniform(4, new Generator(1, CPU)), logTime = full([4, 1], -4);
        double[] divergences = Numeric.Values(latent.Divergence(new Posterior { Mean = mean, LogTime = logTime }));
        Assert.Equal(Enumerable.Repeat((double)(float)(8 - Math.Log(2 * Math.PI) - 1 - 4), 4), divergences, new Near(1e-6));
        Assert.Contains(
            "'mine'", Assert.Throws<NotSupportedException>(() => latent.SamplePrior(1, new Generator(1, CPU))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LatentSpace.Create(
            new ProjectedManifold("mine", 2, 3, sphere.Project), new LatentOptions { Divergence = DivergenceMethod.Exact }));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
