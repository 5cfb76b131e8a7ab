using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Who owns which tensor: results are new, arguments untouched, nothing is left behind.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class OwnershipTests
{
    public static TheoryData<string> All => Examples.All;

    public static TheoryData<string> Closed => Examples.Closed;

    public static TheoryData<string> Geodesic => Examples.Geodesic;

    [Theory]
    [MemberData(nameof(All))]
    public void Projection_and_features_leave_one_tensor_and_their_argument_alone(string id)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        AssertOwnership(manifold.AmbientDimension, manifold.Project);
        AssertOwnership(manifold.AmbientDimension, manifold.Features);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Writing_into_a_projection_does_not_change_what_was_projected(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor x = IndependentGeometry.Of(manifold).RandomPoints(4, new Generator(1, CPU)), copy = x.clone();
        manifold.Project(x).zero_();
        Assert.Equal(Numeric.Values(copy), Numeric.Values(x));
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public void Curvature_and_uniform_samples_leave_one_tensor(string id)
    {
        var manifold = (IClosedManifold)ManifoldCatalogue.Parse(id);
        using var generator = new Generator(1, CPU);
        AssertOwnership(manifold.AmbientDimension, manifold.ScalarCurvature);
        AssertOwnership(1, _ => manifold.SampleUniform(3, generator));
    }

    [Theory]
    [MemberData(nameof(Geodesic))]
    public void Geodesics_leave_one_tensor_and_their_arguments_alone(string id)
    {
        var manifold = (IGeodesicManifold)ManifoldCatalogue.Parse(id);
        using Tensor other =
            IndependentGeometry.Of(manifold).RandomPoints(5, new Generator(2, CPU), ScalarType.Float32).DetachFromDisposeScope();
        foreach (Func<Tensor, Tensor, Tensor> function in new Func<Tensor, Tensor, Tensor>[] { manifold.Distance, manifold.Exp,
            manifold.Log, manifold.ProjectTangent })
        {
            AssertOwnership(manifold.AmbientDimension, x => function(x, other));
            AssertOwnership(manifold.AmbientDimension, x => function(other, x));
        }
        Assert.False(other.IsInvalid);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Charts_leave_one_tensor_and_their_argument_alone(string id)
    {
        if (ManifoldCatalogue.Parse(id) is IChartedManifold manifold)
        {
            Assert.All(manifold.Charts, chart =>
            {
                AssertOwnership(manifold.AmbientDimension, chart.ToCoordinates);
                AssertOwnership(chart.Axes.Count, coordinates =>
                {
                    (Tensor points, Tensor inside) = chart.ToPoints(coordinates);
                    inside.Dispose();
                    return points;
                });
            });
        }
    }

    private static void AssertOwnership(int width, Func<Tensor, Tensor> function)
    {
        using Tensor x = ones(5, width).DetachFromDisposeScope();
        Assert.Equal(0, Leaks.Of(() => function(x).Dispose()));
        Assert.Equal(0, Leaks.Of(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            function(x);
        }));
        Tensor result = function(x);
        double[] before = Numeric.Values(result);
        Assert.False(x.IsInvalid);
        x.Dispose();
        Assert.Equal(before, Numeric.Values(result));
        result.Dispose();
    }
}
