using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>The verdict on maps of SO(3) to itself whose degree is known.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class RotationVerdictTests
{
    private static readonly RotationGroup Rotations = new();

    /// <summary>
    /// A change of less than 1 in the Frobenius norm leaves the nearest rotation continuous, so that the map
    /// is homotopic to the identity or to the inversion; and it is one-to-one, as the change contracts.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, -1)] // three coordinates at the identity change sign
    public void A_smooth_distortion_is_captured(bool inverts, int degree)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mix = 0.2 * randn([9, 9], generator: new Generator(0));
        Topology topology = Judge(points =>
        {
            Tensor turned = inverts ? points.view(-1, 3, 3).transpose(1, 2).reshape(-1, 9) : points;
            return Rotations.Project(turned + (0.25 * turned.matmul(mix).sin()));
        });
        Assert.True(topology.IsCaptured, string.Join("; ", topology.Obstacles));
        Assert.Equal(degree, topology.Degree!.Value);
        Assert.Equal(inverts ? 0 : 1, topology.OrientationKept!.Value);
        Assert.InRange(topology.DistanceCorrelation!.Value, 0.95, 1);
    }

    /// <summary>The angle a of each rotation becomes a + 3/2 sin 2a, which rises, falls and rises again: the
    /// degree is 1, but three rotations have one image.</summary>
    [Fact]
    public void A_fold_is_refused_though_its_degree_is_1()
    {
        using DisposeScope scope = NewDisposeScope();
        Topology topology = Judge(points => TurnedBy(points, angle => angle + (1.5 * (2 * angle).sin())));
        Assert.False(topology.IsCaptured);
        Assert.Equal(1, topology.Degree!.Value);
        Assert.NotNull(topology.Collision);
        Assert.InRange(topology.OrientationKept!.Value, 0.1, 0.9);
    }

    /// <summary>Angles above 2.5 are taken to 2.5 less than they were: a jump.</summary>
    [Fact]
    public void A_tear_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Topology topology = Judge(points => TurnedBy(points, angle => where(angle.gt(2.5), angle - 2.5, angle)));
        Assert.False(topology.IsCaptured);
        Assert.NotNull(topology.Tear);
    }

    private static Topology Judge(Func<Tensor, Tensor> map) => Topology.Measure(
        Rotations, LatentSpace.Parse("so3"), map, new Generator(0), new TopologyOptions { Samples = 1500, Anchors = 50, ProofImages = 0 });

    /// <summary>Rotations about the same axes by other angles, functions of 0 to π.</summary>
    private static Tensor TurnedBy(Tensor points, Func<Tensor, Tensor> function)
    {
        Tensor quaternions = RotationGroup.ToQuaternions(points), axes = quaternions.narrow(-1, 1, 3);
        Tensor sine = axes.norm(-1, true), angle = function(2 * atan2(sine, quaternions.narrow(-1, 0, 1)));
        return RotationGroup.FromQuaternions(cat([(angle / 2).cos(), axes / sine.clamp_min(1e-9) * (angle / 2).sin()], -1));
    }
}
