using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Tests.UserDefined;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>
/// The verdict on maps that are homeomorphisms, and on maps that fail to be in every way there is.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public class TopologyTests
{
    [Theory]
    [InlineData("torus:2")]
    [InlineData("embedded-torus:3,0.6")]
    [InlineData("embedded-torus:2,1")]
    [InlineData("torus:1*torus:1")]
    public void A_disturbed_homeomorphism_of_the_torus_captures_it(string id)
    {
        LatentSpace latent = LatentSpace.Parse(id);
        Topology topology = Judge(new FlatTorus(2), id, points =>
        {
            Tensor angles = MapDegreeTests.Linear(points, 0, 1, -1, 0);
            return latent.Manifolds is [EmbeddedTorus ring] ? ring.FromAngles(angles) : FlatTorus.FromAngles(angles);
        });
        Assert.Empty(topology.Obstacles);
        Assert.True(topology.IsCaptured);
        Assert.Equal(1, topology.Degree!.Value);
        Assert.InRange(topology.Coverage!.Value, 0.95, 1.05);
        Assert.True(topology.DistanceCorrelation > 0.4, $"correlation {topology.DistanceCorrelation}");
        Assert.True(topology.OrientationKept is null or 1 or 0, $"orientation {topology.OrientationKept}");
    }

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("so3")]
    [InlineData("projective:2")]
    [InlineData("projective:3")]
    [InlineData("torus:3")]
    public void The_identity_captures_every_closed_manifold(string id)
    {
        Topology topology = Judge((IClosedManifold)ManifoldCatalogue.Parse(id), id, points => points.clone());
        Assert.True(topology.IsCaptured);
        Assert.Empty(topology.Obstacles);
        Assert.Equal(1, topology.DistanceCorrelation!.Value, 1e-5);
        Assert.Equal(1, topology.Degree?.Value ?? 1);
        Assert.Equal(1, topology.OrientationKept ?? 1);
    }

    [Fact]
    public void Laying_the_torus_on_a_sphere_collides()
    {
        Topology topology = Judge(new FlatTorus(2), "sphere:2", points => new Sphere(2).Project(points.narrow(-1, 0, 3) + 0.2));
        Assert.False(topology.IsCaptured);
        Assert.NotNull(topology.Collision);
        Assert.True(topology.Collision.FactorDistance >= 0.25);
        Assert.True(topology.Collision.LatentDistance <= 0.01);
    }

    [Fact]
    public void A_circle_cut_open_onto_the_line_is_torn()
    {
        Topology topology = Judge(new Sphere(1), "euclidean:1", FlatTorus.ToAngles);
        Assert.False(topology.IsCaptured);
        Assert.NotNull(topology.Tear);
        Assert.True(topology.Tear.FactorDistance <= 0.01);
        Assert.True(topology.Tear.LatentDistance >= 0.25);
    }

    [Fact]
    public void A_circle_folded_onto_the_line_collides()
    {
        Topology topology = Judge(new Sphere(1), "euclidean:1", points => points.narrow(-1, 0, 1) * 1.5);
        Assert.Null(topology.Tear);
        Assert.NotNull(topology.Collision);
    }

    [Fact]
    public void A_single_vortex_is_found()
    {
        // The second angle's vector vanishes in two points of the torus, round which latents take every
        // direction.
        Topology topology = Judge(new FlatTorus(2), "torus:2", points =>
            new FlatTorus(2)
                .Project(torch.cat([points.narrow(-1, 0, 2), points.narrow(-1, 0, 1) + 0.2, points.narrow(-1, 3, 1) - 0.7], -1)));
        Assert.NotNull(topology.Tear);
        Assert.False(topology.IsCaptured);
    }

    [Fact]
    public void A_small_part_of_the_latent_space_is_not_enough()
    {
        Topology topology = Judge(new Sphere(1), "sphere:2", points => torch.cat([points, torch.zeros(points.size(0), 1)], -1));
        Assert.Null(topology.Tear);
        Assert.Null(topology.Collision);
        Assert.InRange(topology.Coverage!.Value, 0.05, 0.5);
        Assert.False(topology.IsCaptured);
    }

    [Fact]
    public void A_constant_captures_nothing()
    {
        Topology topology = Judge(new FlatTorus(2), "torus:2", points => torch.tensor(new[] { 1f, 0, 1, 0 }).expand(points.size(0), 4));
        Assert.False(topology.IsCaptured);
        Assert.Equal(0, topology.Degree!.Value);
    }

    [Fact]
    public void A_double_cover_collides_and_has_degree_2()
    {
        Topology topology = Judge(new FlatTorus(2), "torus:2", points => FlatTorus.FromAngles(MapDegreeTests.Linear(points, 2, 0, 0, 1)));
        Assert.Equal(2, topology.Degree!.Value);
        Assert.NotNull(topology.Collision);
    }

    /// <summary>
    /// An encoder that reads the phases of the simple picture, by pairs of rectified units, and adds an
    /// offset to the first circle, of radius 1: it goes round the origin, through it, or past it.
    /// </summary>
    [Theory]
    [InlineData(0, Certainty.Proved, 1)]
    [InlineData(0.5, Certainty.Proved, 1)]
    [InlineData(1, Certainty.Undetermined, null)]
    [InlineData(1.2, Certainty.Proved, 0)]
    public void A_Lipschitz_bound_proves_that_nothing_tears_unless_something_does(double offset, Certainty certainty, int? degree)
    {
        using var scope = torch.NewDisposeScope();
        PeriodicPicture picture = PeriodicPicture.Simple(16);
        using DiffusionAutoencoder model = PhaseReader(picture, offset);
        Topology topology = Topology.Measure(model, picture, new Generator(1), new TopologyOptions { ProofImages = 20_000 });
        Assert.Equal(certainty, topology.Degree!.Certainty);
        Assert.Equal(degree, topology.Degree.Value);
        Assert.Equal(degree == 1, topology.IsCaptured);
    }

    [Fact]
    public void A_degree_that_does_not_settle_leaves_the_verdict_undetermined()
    {
        // A wobble of at most 0.2 in each coordinate moves a point by 0.35 at most, so that no two points
        // come together or apart by a quarter of π. It is quick against the steps of the differences, so that
        // determinants are noise.
        Topology topology = Judge(
            new Sphere(2), "sphere:2", points => new Sphere(2).Project(points + ((points.roll(1, -1) * 12345).sin() * 0.2)));
        Assert.Null(topology.Degree!.Value);
        Assert.Empty(topology.Obstacles);
        Assert.Equal([$"the degree did not settle: {topology.Degree.Basis}"], topology.Undetermined);
        Assert.Null(topology.IsCaptured);
    }

    [Fact]
    public void A_latent_space_without_a_prior_leaves_the_verdict_undetermined_unless_something_is_seen_to_fail()
    {
        var latent = new VonMisesFisherSpace(hasPrior: false);
        Topology whole = Judge(new Sphere(2), latent, points => points.clone());
        Assert.Empty(whole.Obstacles);
        Assert.Equal(["the coverage of 'von-mises-fisher:2' is not known, or the distances on it"], whole.Undetermined);
        Assert.Null(whole.IsCaptured);
        Topology folded = Judge(new Sphere(2), latent, points => torch.cat([points.narrow(-1, 0, 2), points.narrow(-1, 2, 1).abs()], -1));
        Assert.NotEmpty(folded.Obstacles);
        Assert.NotEmpty(folded.Undetermined);
        Assert.False(folded.IsCaptured);
    }

    private static Topology Judge(IClosedManifold from, string to, Func<Tensor, Tensor> map) => Judge(from, LatentSpace.Parse(to), map);

    private static Topology Judge(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(3);
        return Topology.Measure(from, to, map, generator, new TopologyOptions { Samples = 1500, Anchors = 100 });
    }

    private static DiffusionAutoencoder PhaseReader(PeriodicPicture picture, double offset)
    {
        using var generator = new Generator(0);
        DiffusionAutoencoder model = DiffusionAutoencoder.Create(
            LatentSpace.Parse("torus:2"), picture.Shape.Size, new NetworkOptions { EncoderWidths = [8], DecoderWidths = [4] }, generator);
        using var frozen = torch.no_grad();
        TorchSharp.Modules.Linear[] layers = [.. model.Encoder.children().Cast<TorchSharp.Modules.Linear>()];
        Tensor angle = torch.arange(16, dtype: ScalarType.Float32) * (2 * Math.PI / 16);
        Tensor flat = torch.ones(16);
        Tensor waves = torch.stack(
            [torch.outer(angle.cos(), flat).flatten(), torch.outer(angle.sin(), flat).flatten(), torch.outer(flat, angle.cos()).flatten(),
                torch.outer(flat, angle.sin()).flatten()]) / 64;
        layers[0].weight!.copy_(torch.cat([waves, -waves]));
        layers[0].bias!.zero_();
        layers[1].weight!.zero_();
        layers[1].weight!.narrow(0, 0, 4).copy_(torch.cat([torch.eye(4), -torch.eye(4)], 1));
        layers[1].bias!.zero_();
        layers[1].bias![0] = offset;
        return model;
    }
}
