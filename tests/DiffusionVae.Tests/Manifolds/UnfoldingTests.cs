using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Manifolds unfolded, and folded again.</summary>
public class UnfoldingTests
{
    /// <summary>
    /// A homeomorphism of the angles' torus stretches distances by no less than r and no more than R + r.
    /// </summary>
    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(2, 1)]
    public void The_flat_torus_covers_the_ring_torus_once(double coreRadius, double tubeRadius)
    {
        using DisposeScope scope = NewDisposeScope();
        var ring = new EmbeddedTorus(coreRadius, tubeRadius);
        Assert.Equal(2, Unfoldings(ring).Count);
        Assert.All(Unfoldings(ring), way =>
        {
            var flat = (FlatTorus)way.Unfolded;
            using var generator = new Generator(1);
            Tensor p = flat.SampleUniform(1000, generator, ScalarType.Float64), q = flat.SampleUniform(1000, generator, ScalarType.Float64);
            Tensor ratio = ring.Distance(way.Fold(p), way.Fold(q)) / flat.Distance(p, q);
            const double accuracy = 0.02; // of distances on the ring, which are found on a grid
            Assert.InRange(ratio.min().ToDouble(), tubeRadius * (1 - accuracy), coreRadius + tubeRadius);
            Assert.InRange(ratio.max().ToDouble(), tubeRadius, (coreRadius + tubeRadius) * (1 + accuracy));
            Assert.Equal(0, (ring.Project(way.Fold(p)) - way.Fold(p)).abs().max().ToDouble(), 1e-12);
        });
    }

    [Fact]
    public void Either_circle_of_the_flat_torus_goes_round_the_tube()
    {
        using DisposeScope scope = NewDisposeScope();
        var ring = new EmbeddedTorus();
        Tensor turned = FlatTorus.FromAngles(torch.tensor(new[,] { { 1.0, 0.0 } }));
        Assert.Equal(
            [[1.0, 0.0], [0.0, 1.0]],
            Unfoldings(ring).Select(way => ring.ToAngles(way.Fold(turned)).data<double>().Select(angle => Math.Round(angle, 12))));
    }

    /// <summary>
    /// On a line of R^d through a, distances are those of the angles under which it is seen from the centre;
    /// opposite points of R^d are other points of RP^d.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void R_d_is_projective_space_cut_open(int dimension)
    {
        using DisposeScope scope = NewDisposeScope();
        var space = new ProjectiveSpace(dimension);
        Unfolding way = Assert.Single(Unfoldings(space));
        Assert.Equal(dimension, way.Unfolded.AmbientDimension);
        Tensor x = torch.randn([1000, dimension], ScalarType.Float64, generator: new Generator(2));
        Tensor seen = 2 * torch.linalg.norm(x, dims: [-1], keepdim: true).atan();
        Tensor shorter = torch.minimum(seen, Math.PI - seen);
        Assert.Equal(0, (space.Distance(way.Fold(x), way.Fold(-x)) - shorter).abs().max().ToDouble(), 1e-7);
        Assert.Equal(0, (space.Project(way.Fold(x)) - way.Fold(x)).abs().max().ToDouble(), 1e-12);
    }

    private static IReadOnlyList<Unfolding> Unfoldings(IUnfoldableManifold manifold) => manifold.Unfoldings;
}
