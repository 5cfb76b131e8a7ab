using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// The built-in sphere, ring torus and others, given by an equation, by parameters, or by the projection
/// alone, are what they were.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public class OwnManifoldTests
{
    private const double Core = 3, Tube = 0.6;

    private static readonly IClosedManifold RingTorus = new EmbeddedTorus(Core, Tube);

    private static readonly Dictionary<string, (IClosedManifold Own, IClosedManifold BuiltIn)> Cases = new()
    {
        ["circle, equation"] = (new LevelSet("own", 2, 1.5, x => x.square().sum(-1) - 1), new Sphere(1)),
        ["sphere, equation"] = (new LevelSet("own", 3, 1.5, x => x.square().sum(-1) - 1), new Sphere(2)),
        ["three-sphere, equation"] = (new LevelSet("own", 4, 1.5, x => x.square().sum(-1).exp() - Math.E), new Sphere(3)),
        ["ring torus, equation"] = (new LevelSet("own", 3, 4, TorusEquation), RingTorus),
        ["ellipsoid, equation"] =
            (new LevelSet("own", 3, 3.5, x => (x / tensor(new[] { 3.0, 2, 1 })).square().sum(-1) - 1), new Ellipsoid([3, 2, 1])),
        ["ring torus, parameters"] =
            (new ParametrisedManifold("own", 3, [Turn("u"), Turn("v")], new EmbeddedTorus(Core, Tube).FromAngles), RingTorus),
        ["flat torus, parameters"] = (new ParametrisedManifold("own", 4, [Turn("u"), Turn("v")], FlatTorus.FromAngles), new FlatTorus(2)),
        ["Klein bottle, parameters"] = (new ParametrisedManifold(
            "own", 4, [new ChartAxis("u", -Math.PI, Math.PI), Turn("v")], KleinMap, TurnedBack), new KleinBottle()),
        ["ring torus, projection"] = (Estimated(RingTorus, 3), RingTorus),
        ["sphere, projection"] = (Estimated(new Sphere(2), 1), new Sphere(2)),
        ["rotations, projection"] = (Estimated(new RotationGroup(), 1), new RotationGroup()),
    };

    public static TheoryData<string> All => [.. Cases.Keys];

    public static TheoryData<string> WithProjection =>
        [.. Cases.Keys.Where(name => !name.EndsWith("projection", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(WithProjection))]
    public void The_closest_point_is_the_same_to_a_millionth_in_float32(string name) => Replay.Seeds(generator =>
    {
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        Tensor on = builtIn.SampleUniform(400, generator);
        foreach (double distance in new[] { 0, 0.01, 0.1, 0.2 })
        {
            Tensor x = on + (Noise(on.shape, generator) * distance);
            Tensor expected = builtIn.Project(x.to(ScalarType.Float64));
            Assert.InRange(
                Numeric.Greatest(own.Project(x).to(ScalarType.Float64) - expected), 0, 1e-6 * Math.Max(1, Numeric.Greatest(expected)));
        }
    }, count: 1);

    [Theory]
    [MemberData(nameof(WithProjection))]
    public void Its_gradient_is_that_of_the_built_in_projection(string name) => Replay.Seeds(generator =>
    {
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        Tensor on = builtIn.SampleUniform(200, generator, ScalarType.Float64);
        Tensor x = on + (0.1 * Noise(on.shape, generator).to(ScalarType.Float64));
        Assert.InRange(Numeric.Greatest(Numeric.Backpropagated(own.Project, x) - Numeric.Backpropagated(builtIn.Project, x)), 0, 1e-7);
    }, count: 1);

    /// <summary>
    /// With the same draws the walk ends in the same points with the same gradients, and the divergence is
    /// the same, so training is the same step by step.
    /// </summary>
    [Theory]
    [InlineData("sphere, equation")]
    [InlineData("ring torus, equation")]
    public void What_training_sees_of_it_is_the_same(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        var options = new LatentOptions { Divergence = DivergenceMethod.Asymptotic };
        Tensor mean = builtIn.SampleUniform(64, new Generator(3, CPU)),
            weights = randn([64, 3], ScalarType.Float32, CPU, generator: new Generator(4, CPU));
        (Tensor Points, Tensor Divergence, Tensor OfMean, Tensor OfTime) Step(IClosedManifold manifold)
        {
            LatentSpace latent = LatentSpace.Create(manifold, options);
            Tensor start = mean.detach().clone().requires_grad_(), logTime = full([64, 1], -4f).requires_grad_();
            using var generator = new Generator(5, CPU);
            var posterior = new Posterior { Mean = latent.Project(start), LogTime = logTime };
            Tensor points = latent.Sample(posterior, generator), divergence = latent.Divergence(posterior);
            ((points * weights).sum() + divergence.sum()).backward();
            return (points, divergence, start.grad!, logTime.grad!);
        }
        (var mine, var theirs) = (Step(own), Step(builtIn));
        Assert.InRange(Numeric.Greatest(mine.Points - theirs.Points), 0, 1e-4);
        Assert.InRange(Numeric.Greatest(mine.Divergence - theirs.Divergence), 0, 1e-3);
        Assert.InRange(Numeric.Greatest(mine.OfMean - theirs.OfMean), 0, 1e-3);
        Assert.InRange(Numeric.Greatest(mine.OfTime - theirs.OfTime), 0, 1e-3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Scalar_curvature_is_the_same_to_a_ten_thousandth(string name) => Replay.Seeds(generator =>
    {
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        Tensor on = builtIn.SampleUniform(300, generator, ScalarType.Float64);
        Tensor expected = builtIn.ScalarCurvature(on);
        Assert.InRange(Numeric.Greatest((own.ScalarCurvature(on) - expected) / (expected.abs() + 1)), 0, 1e-4);
        Assert.Equal(expected.shape, own.ScalarCurvature(on).shape);
    }, count: 1);

    [Theory]
    [MemberData(nameof(All))]
    public void The_volume_is_the_same_to_a_thousandth_and_within_its_error(string name)
    {
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        double error = own switch
        {
            LevelSet level => level.LogVolumeError,
            EstimatedManifold estimated => estimated.LogVolumeError,
            _ => ((ParametrisedManifold)own).LogVolumeError,
        };
        // By Monte Carlo above three dimensions, and in nine a thousand starting points are far apart.
        double tolerance = own.AmbientDimension switch { <= 3 => 1e-3, 4 => 5e-3, _ => 0.05 };
        Assert.Equal(builtIn.LogVolume, own.LogVolume, tolerance);
        Assert.InRange(error, (Math.Abs(builtIn.LogVolume - own.LogVolume) - 1e-12) / 4, own is ParametrisedManifold ? 1e-11 : tolerance);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Uniform_draws_have_the_means_of_the_built_in_ones(string name) => Replay.Seeds(generator =>
    {
        const int count = 1000;
        (IClosedManifold own, IClosedManifold builtIn) = Cases[name];
        Tensor draws = own.SampleUniform(count, generator), others = builtIn.SampleUniform(20 * count, generator);
        Assert.Equal([count, own.AmbientDimension], draws.shape);
        Assert.InRange(Numeric.Greatest(builtIn.Project(draws) - draws), 0, 1e-5);
        foreach (Func<Tensor, Tensor> feature in new Func<Tensor, Tensor>[] { x => x, x => x.square(), x => (3 * x).cos() })
        {
            double[] means = Numeric.Values(feature(draws).mean([0])), expected = Numeric.Values(feature(others).mean([0])),
                deviations = Numeric.Values(feature(others).std(0));
            for (int i = 0; i < means.Length; i++)
            {
                Statistics.AssertMean(expected[i], means[i], deviations[i] * Math.Sqrt(1 + (1 / 20.0)), count, name);
            }
        }
    }, count: 1);

    [Fact]
    public void A_latent_space_of_an_estimated_manifold_has_an_absolute_divergence()
    {
        LatentSpace own = LatentSpace.Create(Cases["sphere, projection"].Own),
            builtIn = LatentSpace.Create(new Sphere(2), new LatentOptions { Divergence = DivergenceMethod.Asymptotic });
        Assert.True(own.HasAbsoluteDivergence);
        using DisposeScope scope = NewDisposeScope();
        var posterior = new Posterior { Mean = tensor(new[,] { { 0f, 0, 1 } }), LogTime = tensor(new[,] { { -5f } }) };
        Assert.Equal(builtIn.Divergence(posterior).item<float>(), own.Divergence(posterior).item<float>(), 2e-3);
    }

    /// <summary>
    /// By Gauss and Bonnet the mean of Sc is 4π χ over the area, χ being 2 for the ellipsoid and 0 for the
    /// Klein bottle.
    /// </summary>
    [Theory]
    [InlineData("ellipsoid:3,2,1", 2)]
    [InlineData("klein-bottle:2,1", 0)]
    public void The_mean_divergence_of_a_surface_has_the_mean_curvature_of_its_topology(string id, int characteristic)
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        const double logTime = -4;
        double area = Math.Exp(manifold.LogVolume), flat = -Math.Log(2 * Math.PI) - logTime - 1 + manifold.LogVolume;
        double expected = flat + (4 * Math.PI * characteristic / area * Math.Exp(logTime) / 4);
        Assert.Equal(expected, MeanDivergence.Parse(id).At(logTime), 1e-6);
    }

    [Fact]
    public void What_is_no_manifold_is_refused_in_words()
    {
        using DisposeScope scope = NewDisposeScope();
        var empty = new LevelSet("empty", 3, 1, x => x.square().sum(-1) + 1);
        Assert.Contains(
            "'empty' has no zeros", Assert.Throws<InvalidOperationException>(() => empty.Project(ones(1, 3))).Message,
            StringComparison.Ordinal);
        var wrong = new EstimatedManifold(
            new ProjectedManifold("slanted", 2, 3, x => new Sphere(2).Project(x * tensor(new[] { 1.0, 2, 3 }, dtype: x.dtype))), 1);
        Assert.Contains(
            "'slanted' is not the closest-point projection", Assert.Throws<InvalidOperationException>(() => wrong.LogVolume).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => new ParametrisedManifold("line", 2, [new ChartAxis("x", 0, double.PositiveInfinity)], u => cat([u, u], -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelSet("flat", 3, 0, x => x.sum(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EstimatedManifold(new EuclideanSpace(2), 1));
    }

    private static Tensor TorusEquation(Tensor x) =>
        (x.narrow(-1, 0, 2).square().sum(-1).sqrt() - Core).square() + x.select(-1, 2).square() - (Tube * Tube);

    private static Tensor KleinMap(Tensor parameters)
    {
        (Tensor u, Tensor v) = (parameters.select(-1, 0), parameters.select(-1, 1));
        (Tensor fromAxis, Tensor across) = (v.cos() + 2, v.sin());
        return stack([fromAxis * u.cos(), fromAxis * u.sin(), across * (u / 2).cos(), across * (u / 2).sin()], -1);
    }

    /// <summary>(u + 2π, v) is the point (u, -v).</summary>
    private static Tensor TurnedBack(Tensor parameters)
    {
        (Tensor u, Tensor v) = (parameters.select(-1, 0), parameters.select(-1, 1));
        Tensor turns = (u / (2 * Math.PI)).round(), sign = 1 - (turns.remainder(2) * 2);
        return stack([u - (turns * (2 * Math.PI)), v * sign], -1);
    }

    private static ChartAxis Turn(string name) => new(name, -Math.PI, Math.PI, IsPeriodic: true);

    private static EstimatedManifold Estimated(IManifold manifold, double scale) =>
        new(new ProjectedManifold("own", manifold.Dimension, manifold.AmbientDimension, manifold.Project), scale);

    private static Tensor Noise(long[] shape, Generator generator) => randn(shape, ScalarType.Float32, CPU, generator: generator);
}
