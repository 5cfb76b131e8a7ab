using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Distances, exponential and logarithm of every manifold that has them.</summary>
public class GeodesicTests
{
    private const int Count = 200;
    private static readonly double[] Lengths = [0.01, 0.5, 1.4];
    private static readonly double[] NearLengths = [1e-2, 1e-4, 1e-6, 1e-8];
    private static readonly double[] Offsets = [0, 1e-15, 1e-12, 1e-8, 1e-4, 1e-2];
    private static readonly double[] Places = [0, 0.4, 2, 5];

    public static TheoryData<string> Geodesic => Examples.Geodesic;

    public static TheoryData<string> WithAntipodes => Examples.WithAntipodes;

    public static TheoryData<string, ScalarType> Cases => Examples.GeodesicInBothPrecisions;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exp_of_Log_is_the_other_point_and_the_length_of_Log_the_distance(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, Tensor q) = Pairs(id, dtype, generator);
        Tensor log = manifold.Log(p, q);
        Assert.InRange(Numeric.Greatest(manifold.Features(manifold.Exp(p, log)) - manifold.Features(q)), 0, Tolerance(dtype));
        Assert.InRange(Numeric.Greatest(log.norm(-1, keepdim: true) - manifold.Distance(p, q)), 0, Tolerance(dtype));
        Assert.InRange(Numeric.Greatest(manifold.ProjectTangent(p, log) - log), 0, Tolerance(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Log_of_Exp_is_the_tangent_vector(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, _) = Pairs(id, dtype, generator);
        foreach (double length in Lengths)
        {
            Tensor tangent = UnitTangents(manifold, p, generator) * length;
            Tensor end = manifold.Exp(p, tangent);
            Assert.InRange(Numeric.Greatest(manifold.Log(p, end) - tangent), 0, Tolerance(dtype));
            Assert.InRange(Numeric.Greatest(manifold.Distance(p, end) - length), 0, Tolerance(dtype));
            Assert.InRange(Numeric.Greatest(IndependentGeometry.Of(manifold).Residual(end.to(ScalarType.Float64))), 0, Tolerance(dtype));
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Distance_is_a_metric(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, Tensor q) = Pairs(id, dtype, generator);
        Tensor r = IndependentGeometry.Of(manifold).RandomPoints(Count, generator, dtype);
        Tensor pq = manifold.Distance(p, q);
        Assert.Equal([Count, 1], pq.shape);
        Assert.True(pq.gt(0).all().item<bool>());
        Assert.Equal(0, Numeric.Greatest(pq - manifold.Distance(q, p)), Tolerance(dtype));
        Assert.InRange(Numeric.Greatest(manifold.Distance(p, p)), 0, dtype == ScalarType.Float32 ? 1e-6 : 1e-14);
        Assert.True((manifold.Distance(p, r) - pq - manifold.Distance(q, r)).max().ToDouble() <= Tolerance(dtype));
        Assert.True((pq - (p - q).norm(-1, keepdim: true)).min().ToDouble() >= -Tolerance(dtype) || manifold is IAntipodalManifold,
            "the chord is shorter");
    });

    [Theory]
    [MemberData(nameof(Geodesic))]
    public void Exp_keeps_its_speed_and_accelerates_along_the_normal_alone(string id) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, _) = Pairs(id, ScalarType.Float64, generator);
        Tensor tangent = UnitTangents(manifold, p, generator);
        Tensor Along(Tensor s) => manifold.Exp(p, tangent * s);
        Tensor one = ones([Count, 1], ScalarType.Float64);
        foreach (double s in Places)
        {
            Tensor velocity = Numeric.First(Along, one * s, one), acceleration = Numeric.Second(Along, one * s, one);
            Assert.InRange(Numeric.Greatest(velocity.norm(-1) - 1), 0, 1e-9);
            Assert.InRange(Numeric.Greatest(manifold.ProjectTangent(Along(one * s), acceleration)), 0, 1e-7);
        }
        Assert.InRange(Numeric.Greatest(Numeric.First(Along, one * 0, one) - tangent), 0, 1e-9);
    });

    [Theory]
    [MemberData(nameof(Geodesic))]
    public void ProjectTangent_is_the_derivative_of_the_projection(string id) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, _) = Pairs(id, ScalarType.Float64, generator);
        Tensor vector = randn(p.shape, ScalarType.Float64, CPU, generator: generator);
        Assert.InRange(Numeric.Greatest(manifold.ProjectTangent(p, vector) - Numeric.First(manifold.Project, p, vector, 3e-4)), 0, 1e-10);
    });

    [Theory]
    [MemberData(nameof(Geodesic))]
    public void Near_points_have_a_distance_and_a_Log_with_all_their_digits(string id) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, _) = Pairs(id, ScalarType.Float64, generator);
        foreach (double length in NearLengths)
        {
            Tensor tangent = UnitTangents(manifold, p, generator) * length;
            Tensor end = manifold.Exp(p, tangent);
            // The coordinates of the end have an error of 1e-16 each, and that is all.
            Assert.InRange(Numeric.Greatest(manifold.Distance(p, end) - length), 0, 2e-15);
            Assert.InRange(Numeric.Greatest(manifold.Log(p, end) - tangent), 0, 4e-15);
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Antipodes_and_points_near_them_are_reached_by_their_Log(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        var manifold = (IGeodesicManifold)ManifoldCatalogue.Parse(id);
        foreach ((double[] first, double[] second, double distance) in IndependentGeometry.Of(manifold).Farthest)
        {
            Tensor p = tensor(first, dtype: dtype).repeat(20, 1), exact = tensor(second, dtype: dtype).repeat(20, 1);
            foreach (double beside in Offsets)
            {
                Tensor q = manifold.Project(exact + (randn(exact.shape, dtype, CPU, generator: generator) * beside));
                Tensor log = manifold.Log(p, q);
                Assert.InRange(Numeric.Greatest(manifold.Distance(p, q) - distance), 0, Tolerance(dtype) + (10 * beside));
                Assert.InRange(Numeric.Greatest(log.norm(-1, keepdim: true) - manifold.Distance(p, q)), 0, Tolerance(dtype));
                Assert.InRange(Numeric.Greatest(manifold.ProjectTangent(p, log) - log), 0, Tolerance(dtype));
                Assert.InRange(Numeric.Greatest(manifold.Features(manifold.Exp(p, log)) - manifold.Features(q)), 0, Tolerance(dtype));
            }
        }
    });

    [Theory]
    [MemberData(nameof(WithAntipodes))]
    public void Any_antipode_of_any_point_is_reached_by_its_Log(string id) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, _) = Pairs(id, ScalarType.Float64, generator);
        Tensor log = manifold.Log(p, -p);
        Assert.InRange(Numeric.Greatest(log.norm(-1, keepdim: true) - manifold.Distance(p, -p)), 0, 1e-12);
        Assert.InRange(Numeric.Greatest(manifold.Exp(p, log) + p), 0, 1e-12);
        Assert.InRange(Numeric.Greatest(manifold.ProjectTangent(p, log) - log), 0, 1e-12);
    });

    [Theory]
    [MemberData(nameof(Geodesic))]
    public void Gradients_of_the_distance_are_finite_everywhere_and_of_unit_length_elsewhere(string id) => Replay.Seeds(generator =>
    {
        (IGeodesicManifold manifold, Tensor p, Tensor q) = Pairs(id, ScalarType.Float64, generator);
        foreach (Tensor other in new[] { p, -p, q })
        {
            Tensor leaf = p.detach().clone().requires_grad_();
            manifold.Distance(leaf, other).sum().backward();
            Assert.True(leaf.grad!.isfinite().all().item<bool>());
            if (ReferenceEquals(other, q))
            {
                Assert.InRange(
                    Numeric.Greatest(manifold.ProjectTangent(p, leaf.grad!) + (manifold.Log(p, q) / manifold.Distance(p, q))), 0, 1e-7);
            }
        }
    });

    private static double Tolerance(ScalarType dtype) => dtype == ScalarType.Float32 ? 2e-5 : 1e-12;

    private static (IGeodesicManifold Manifold, Tensor P, Tensor Q) Pairs(string id, ScalarType dtype, Generator generator)
    {
        var manifold = (IGeodesicManifold)ManifoldCatalogue.Parse(id);
        IndependentGeometry geometry = IndependentGeometry.Of(manifold);
        return (manifold, geometry.RandomPoints(Count, generator, dtype), geometry.RandomPoints(Count, generator, dtype));
    }

    private static Tensor UnitTangents(IGeodesicManifold manifold, Tensor p, Generator generator)
    {
        Tensor tangent = manifold.ProjectTangent(p, randn(p.shape, p.dtype, CPU, generator: generator));
        return tangent / tangent.norm(-1, keepdim: true);
    }
}
