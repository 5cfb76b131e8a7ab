using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// The derivative of every manifold's projection: right where there is one, finite everywhere.
/// </summary>
public class ProjectionGradientTests
{
    public static TheoryData<string> All => Examples.All;

    public static TheoryData<string, ScalarType> Cases => Examples.AllInBothPrecisions;

    [Theory]
    [MemberData(nameof(All))]
    public void Backpropagation_agrees_with_differences(string id) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor x = AwayFromSingularities(
            manifold, randn([600, manifold.AmbientDimension], ScalarType.Float64, CPU, generator: generator) * 2);
        AssertDerivative(manifold, x);
    });

    [Theory]
    [MemberData(nameof(All))]
    public void On_the_manifold_it_is_the_orthogonal_projection_onto_a_tangent_space_of_its_dimension(string id) =>
        Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor jacobian = Numeric.Backpropagated(manifold.Project, IndependentGeometry.Of(manifold).RandomPoints(50, generator));
        Assert.InRange(Numeric.Greatest(jacobian - jacobian.transpose(-2, -1)), 0, 1e-9);
        Assert.InRange(Numeric.Greatest(jacobian.matmul(jacobian) - jacobian), 0, 1e-9);
        Tensor trace = jacobian.diagonal(0, -2, -1).sum(-1);
        Assert.InRange(Numeric.Greatest(trace - manifold.Dimension), 0, 1e-9);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_finite_at_singular_points_and_beside_them(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        foreach (double[] singular in IndependentGeometry.Of(manifold).Singular)
        {
            foreach (double beside in new[] { 0, 1e-30, 1e-16, 1e-12, 1e-8, 1e-4 })
            {
                Tensor offset = randn([20, singular.Length], dtype, CPU, generator: generator) * beside;
                Tensor x = (tensor(singular, dtype: dtype) + offset).detach().requires_grad_();
                Tensor weights = randn(x.shape, dtype, CPU, generator: generator);
                (manifold.Project(x) * weights).sum().backward();
                Assert.True(x.grad!.isfinite().all().item<bool>(), $"at [{string.Join(", ", singular)}] and {beside} beside it");
            }
        }
    });

    [Theory]
    [InlineData("sphere:2")]
    [InlineData("torus:2")]
    [InlineData("so3")]
    [InlineData("projective:2")]
    public void At_the_origin_no_direction_is_preferred_and_the_gradient_vanishes(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor jacobian = Numeric.Backpropagated(manifold.Project, zeros([1, manifold.AmbientDimension], ScalarType.Float64));
        Assert.Equal(0, Numeric.Greatest(jacobian));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1 + 1e-9, 0.5)]
    [InlineData(2, 1e-6, 1e-6)]
    [InlineData(1, 0.9, 0)]
    [InlineData(1, 0.6, -0.4)]
    [InlineData(1, 1, -0.8)]
    [InlineData(1 + 1e-9, 1, -0.7)]
    [InlineData(3, 0.5, -0.45)]
    [InlineData(1e6, 1e6, 1e6)]
    [InlineData(2e-6, 1.5e-6, -1e-6)]
    public void Rotations_have_the_right_derivative_whatever_the_singular_values(double first, double second, double third) =>
        Replay.Seeds(generator =>
    {
        var rotations = new RotationGroup();
        IndependentGeometry geometry = IndependentGeometry.Of(rotations);
        Tensor left = Numeric.Unflatten(geometry.RandomPoints(30, generator), 3, 3),
            right = Numeric.Unflatten(geometry.RandomPoints(30, generator), 3, 3);
        Tensor matrices = left.matmul(diag(tensor(new[] { first, second, third }))).matmul(right).flatten(-2, -1);
        // The derivative varies over the least sum of two singular values, which sets the step.
        AssertDerivative(rotations, matrices, 3e-3 * (second + third));
    });

    private static void AssertDerivative(IManifold manifold, Tensor x, double step = 1e-4)
    {
        Tensor expected = Numeric.Jacobian(manifold.Project, x, step);
        Tensor error = Numeric.Backpropagated(manifold.Project, x) - expected;
        Tensor size = expected.square().sum([-2, -1], keepdim: true).sqrt() + 1e-3;
        Assert.InRange(Numeric.Greatest(error / size), 0, 1e-6);
    }

    /// <summary>The points at which small moves make small changes.</summary>
    private static Tensor AwayFromSingularities(IManifold manifold, Tensor x)
    {
        Tensor size = Numeric.Jacobian(manifold.Project, x, 0.02).square().sum([-2, -1]).sqrt();
        Tensor tame = x[size.lt(4 * Math.Sqrt(manifold.Dimension))];
        Assert.InRange(tame.size(0), 100, long.MaxValue);
        return tame.narrow(0, 0, 100);
    }
}
