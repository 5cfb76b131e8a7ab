using DiffusionVae.HeatKernels;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>Proposals: their density is a density, and it is that of their samples.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class ProposalTests
{
    private static readonly double[] Times = [0.02, 0.3, 2, 40];
    private static readonly double[] Narrow = [0.02, 0.05];
    private static readonly double[] Extreme = [1e-6, 1, 1e3];

    public static TheoryData<string> Spaces => Examples.AllAndProducts;

    public static TheoryData<string> Ruled =>
        [.. ManifoldCatalogue.Examples.Where(
            id => ManifoldCatalogue.Parse(id) is { Dimension: <= 3 }), "sphere:1*projective:2", "euclidean:1*torus:1"];

    [Theory]
    [MemberData(nameof(Ruled))]
    public void Narrow_densities_integrate_to_one(string id) => Replay.Seeds(generator =>
    {
        LatentSpace latent = LatentSpace.Parse(id);
        // On S^2 and its kin the density at t = 0.3 is e^16 times smaller at the farthest point, where it is
        // not smooth, than at the nearest.
        QuadratureRule rule = latent.Prior!.Quadrature(latent.Dimension < 3 ? 0.06 : 0.12)!;
        (Tensor points, Tensor weights) = rule.Nodes(0, (int)rule.Count);
        foreach (double time in Narrow)
        {
            Tensor ratio = latent.Prior!.LogProposalRatio(Constant(latent, Random(latent, generator), time), points);
            Assert.Equal(ScalarType.Float64, ratio.dtype);
            Assert.Equal(1, (ratio.exp().squeeze(-1) * weights).sum().item<double>(), 1e-5);
        }
    }, 2);

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("sphere:2")]
    [InlineData("sphere:5")]
    [InlineData("projective:1")]
    [InlineData("projective:3")]
    [InlineData("so3")]
    public void Wide_radial_densities_integrate_to_one(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IProposalManifold)ManifoldCatalogue.Parse(id);
        var geodesic = (IGeodesicManifold)manifold;
        RadialHeatKernel space = manifold switch
        {
            Sphere sphere => sphere.HeatKernel,
            ProjectiveSpace projective => projective.HeatKernel,
            _ => ((RotationGroup)manifold).HeatKernel,
        };
        using var generator = new Generator(6, CPU);
        Tensor centre = manifold.SampleUniform(1, generator, ScalarType.Float64);
        Tensor tangent = geodesic.ProjectTangent(centre, randn(centre.shape, ScalarType.Float64, generator: generator));
        tangent /= tangent.norm();
        (Tensor distances, Tensor weights) = Numeric.Grid([(0, space.Diameter)], 120);
        Tensor area = tensor(Numeric.Values(distances).Select(r => Math.Exp(space.LogAreaOfGeodesicSphere(r) - space.LogVolume)).ToArray());
        foreach (double time in Times)
        {
            Tensor ratio = manifold.LogProposalRatio(centre, tensor(Math.Log(time)).view(1, 1), geodesic.Exp(centre, distances * tangent))
                .exp().squeeze(-1);
            Assert.Equal(1, (ratio * area * weights).sum().item<double>(), 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Samples_have_the_density(string id) => Replay.Seeds(generator =>
    {
        // Cells are cut by functions of features, so that points which are the same lie in the same cell.
        // Their probabilities under the proposal are counted, and had from the prior by its density.
        const int count = 40_000;
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor centre = Random(latent, generator);
        foreach (double time in Times)
        {
            Posterior posterior = Constant(latent, centre.expand(count, -1), time);
            Tensor proposed = latent.Prior!.SampleProposal(posterior, generator);
            // Ten times as wide a proposal is a better judge than the prior where the density is a narrow
            // peak.
            Posterior wider = Constant(latent, centre.expand(count, -1), 10 * time);
            Tensor other = latent.Prior!.SampleProposal(wider, generator);
            Tensor weights =
                (latent.Prior!.LogProposalRatio(posterior, other) - latent.Prior!.LogProposalRatio(wider, other)).exp().squeeze(-1);
            Tensor directions = randn([latent.FeatureDimension, 6], ScalarType.Float64, generator: generator);
            Tensor origin = matmul(latent.Features(centre), directions);
            Tensor here = matmul(latent.Features(proposed), directions) - origin,
                there = matmul(latent.Features(other), directions) - origin;
            Tensor cut = here.abs().quantile(tensor(0.5, ScalarType.Float64), 0);
            foreach ((Tensor mine, Tensor theirs) in new[] { (here.gt(0), there.gt(0)), (here.abs().gt(cut), there.abs().gt(cut)),
                (here.gt(cut), there.gt(cut)) })
            {
                Tensor counted = mine.to(ScalarType.Float64), weighed = weights.unsqueeze(-1) * theirs.to(ScalarType.Float64);
                Tensor error = ((counted.var([0]) + weighed.var([0])) / count).sqrt() + 1e-9;
                Assert.InRange(Numeric.Greatest((counted.mean([0]) - weighed.mean([0])) / error), 0, 5.5);
            }
            Assert.InRange((weights.mean().item<double>() - 1) * Math.Sqrt(count) / (weights.std().item<double>() + 1e-9), -5.5, 5.5);
        }
    }, 1);

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Posteriors_are_broadcast_over_samples(string id) => Replay.Seeds(generator =>
    {
        LatentSpace latent = LatentSpace.Parse(id);
        Posterior posterior = Of(latent.SamplePrior(3, generator), randn([3, latent.TimeDimension], generator: generator) - 2);
        Tensor points = latent.SamplePrior(15, generator).view(3, 5, -1);
        Tensor ratios = latent.Prior!.LogProposalRatio(Of(posterior.Mean.unsqueeze(1), posterior.LogTime.unsqueeze(1)), points);
        Assert.Equal([3, 5, 1], ratios.shape);
        for (int i = 0; i < 3; i++)
        {
            Posterior one = Of(posterior.Mean[i].expand(5, -1), posterior.LogTime[i].expand(5, -1));
            Assert.InRange(Numeric.Greatest(ratios[i] - latent.Prior!.LogProposalRatio(one, points[i])), 0, 1e-9);
        }
        Posterior repeated = Of(posterior.Mean.unsqueeze(1).expand(3, 5, -1), posterior.LogTime.unsqueeze(1).expand(3, 5, -1));
        Tensor samples = latent.Prior!.SampleProposal(repeated, generator);
        Assert.Equal(points.shape, samples.shape);
        Assert.InRange(Numeric.Greatest(latent.Project(samples.view(15, -1)) - samples.view(15, -1)), 0, 1e-4);
    }, 1);

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Ratios_are_finite_at_any_time_and_anywhere(string id) => Replay.Seeds(generator =>
    {
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor centre = latent.SamplePrior(1, generator);
        Tensor points = cat([centre, -centre, latent.SamplePrior(20, generator)], 0);
        foreach (double time in Extreme)
        {
            Tensor ratio = latent.Prior!.LogProposalRatio(Constant(latent, centre, time), latent.Project(points));
            Assert.False(ratio.isnan().any().item<bool>());
            Assert.InRange(ratio[0, 0].item<double>(), -double.MaxValue, double.MaxValue);
        }
    }, 1);

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Nothing_is_left_behind(string id)
    {
        LatentSpace latent = LatentSpace.Parse(id);
        using var generator = new Generator(6, CPU);
        using Tensor mean = latent.SamplePrior(4, generator), logTime = zeros(4, latent.TimeDimension);
        var posterior = new Posterior { Mean = mean, LogTime = logTime };
        Assert.Equal(0, Leaks.Of(() => latent.Prior!.SampleProposal(posterior, generator).Dispose()));
        Assert.Equal(0, Leaks.Of(() => latent.Prior!.LogProposalRatio(posterior, mean).Dispose()));
    }

    private static Tensor Random(LatentSpace latent, Generator generator) => latent.SamplePrior(1, generator, ScalarType.Float64);

    private static Posterior Constant(LatentSpace latent, Tensor mean, double time) =>
        Of(mean, full([mean.size(0), latent.TimeDimension], Math.Log(time), mean.dtype));

    private static Posterior Of(Tensor mean, Tensor logTime) => new() { Mean = mean, LogTime = logTime };
}
