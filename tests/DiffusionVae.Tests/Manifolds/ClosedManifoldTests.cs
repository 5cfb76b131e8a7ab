using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// Volume, curvature and uniform samples of every closed manifold, against a chart and against the projection
/// alone.
/// </summary>
public class ClosedManifoldTests
{
    private const int Count = 20_000;

    public static TheoryData<string> Closed => Examples.Closed;

    [Theory]
    [MemberData(nameof(Closed))]
    public void Volume_is_that_of_a_chart_with_its_metric_by_differences(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        (_, Tensor weights) = IndependentGeometry.Of(manifold).Quadrature();
        Assert.Equal(Math.Log(weights.sum().item<double>()), manifold.LogVolume, 1e-8);
    }

    /// <summary>
    /// On tangent vectors the second derivative of the projection is the second fundamental form II, and by
    /// Gauss' equation Sc = |Σ II(e_i, e_i)|² - Σ |II(e_i, e_j)|²: nothing but the projection goes in.
    /// </summary>
    [Theory]
    [MemberData(nameof(Closed))]
    public void Scalar_curvature_follows_from_the_second_derivatives_of_the_projection(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(30, generator);
        Tensor frame = SecondFundamentalForm.TangentFrame(manifold, points);
        int d = manifold.Dimension;
        Tensor trace = zeros_like(points), squares = zeros([30], ScalarType.Float64);
        for (int i = 0; i < d; i++)
        {
            Tensor e = frame.select(-1, i);
            Tensor along = SecondFundamentalForm.Along(manifold, points, e);
            trace += along;
            squares += along.square().sum(-1);
            for (int j = 0; j < i; j++)
            {
                Tensor f = frame.select(-1, j);
                Tensor across =
                    (SecondFundamentalForm.Along(manifold, points, e + f) - SecondFundamentalForm.Along(manifold, points, e - f)) / 4;
                squares += across.square().sum(-1) * 2;
            }
        }
        Tensor expected = trace.square().sum(-1) - squares;
        Tensor curvature = manifold.ScalarCurvature(points);
        Assert.Equal([30, 1], curvature.shape);
        Assert.InRange(Numeric.Greatest((curvature.squeeze(-1) - expected) / (expected.abs() + 1)), 0, 1e-5);
    });

    /// <summary>
    /// All monomials of degree 1 and 2 in what a decoder sees: the lowest eigenfunctions and more.
    /// </summary>
    [Theory]
    [MemberData(nameof(Closed))]
    public void Means_over_uniform_samples_are_means_over_the_volume(string id)
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        using DisposeScope outer = NewDisposeScope();
        (Tensor points, Tensor weights) = IndependentGeometry.Of(manifold).Quadrature();
        Tensor expected = Means(manifold, points, weights / weights.sum(), out Tensor squares);
        double[] deviations = Numeric.Values((squares - expected.square()).clamp_min(0).sqrt());
        double[] means = Numeric.Values(expected);
        Replay.Seeds(generator =>
        {
            Tensor sample = manifold.SampleUniform(Count, generator, ScalarType.Float64);
            double[] sampled = Numeric.Values(Means(manifold, sample, full([Count], 1.0 / Count, ScalarType.Float64), out _));
            for (int i = 0; i < means.Length; i++)
            {
                Statistics.AssertMean(means[i], sampled[i], deviations[i], Count, FormattableString.Invariant($"monomial {i}"));
            }
        }, count: 2);
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public void Uniform_samples_lie_on_the_manifold_in_either_precision_and_repeat_with_the_seed(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            Tensor state = generator.get_state();
            Tensor sample = manifold.SampleUniform(500, generator, dtype);
            Assert.Equal([500, manifold.AmbientDimension], sample.shape);
            Assert.Equal(dtype, sample.dtype);
            Tensor residual = IndependentGeometry.Of(manifold).Residual(sample.to(ScalarType.Float64));
            Assert.InRange(Numeric.Greatest(residual), 0, dtype == ScalarType.Float32 ? 1e-5 : 1e-13);
            generator.set_state(state);
            Assert.Equal(Numeric.Values(sample), Numeric.Values(manifold.SampleUniform(500, generator, dtype)));
        }
        Assert.Equal([0, manifold.AmbientDimension], manifold.SampleUniform(0, generator).shape);
    });

    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(2, 1)]
    [InlineData(1, 0.99)]
    public void Uniform_points_of_a_ring_torus_are_spread_over_its_angles_as_its_area_is(double core, double tube) =>
        Replay.Seeds(generator =>
    {
        var torus = new EmbeddedTorus(core, tube);
        Tensor angles = torus.ToAngles(torus.SampleUniform(Count, generator, ScalarType.Float64));
        Statistics.AssertDistribution(
            Numeric.Values(angles.select(-1, 0)), u => (u + Math.PI + (tube / core * Math.Sin(u))) / (2 * Math.PI),
            "angle around the tube");
        Statistics.AssertDistribution(Numeric.Values(angles.select(-1, 1)), v => (v + Math.PI) / (2 * Math.PI), "angle around the axis");
    });

    private static Tensor Means(IManifold manifold, Tensor points, Tensor weights, out Tensor squares)
    {
        Tensor features = manifold.Features(points);
        Tensor products = (features.unsqueeze(-1) * features.unsqueeze(-2)).flatten(-2, -1);
        Tensor monomials = cat([features, products], -1);
        squares = weights.matmul(monomials.square());
        return weights.matmul(monomials);
    }
}
