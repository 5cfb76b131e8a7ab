using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>Whether an encoder captures the topology of data: whether it takes their true factors to the latent space by a homeomorphism.</summary>
/// <remarks>
/// <para>
/// The rule: it does (<see cref="IsCaptured"/>) if it is <i>continuous</i>, as far as a search for tears can tell, <i>one-to-one</i>, as far as a search for collisions can
/// tell, and <i>onto</i>: it reaches at least 90% of the regions of the latent space that a uniform sample of as many points reaches; and if its degree, where there is one, is
/// determined and ±1 (odd, where it exists modulo 2 alone). It measures, and compares no types: a map between manifolds that are not homeomorphic has to fail on one of the counts.
/// </para>
/// <para>
/// A <i>tear</i> is a pair of factors closer than 1% of their greatest distance, whose latents are farther apart than 25% of the greatest distance of latents; a
/// <i>collision</i> is a pair of latents closer than 1% whose factors are farther apart than 25%. Distances are geodesic.
/// </para>
/// </remarks>
public sealed record Topology
{
    private const double LeastCoverage = 0.9;
    private const int BatchSize = 500;
    private const int CorrelationSample = 1000;

    /// <summary>The manifold of true factors.</summary>
    public required string Factors { get; init; }

    /// <summary>The latent space.</summary>
    public required string Latent { get; init; }

    /// <summary>The degree; null where the two have none.</summary>
    public MapDegree? Degree { get; private init; }

    /// <summary>
    /// The share of the sample at which the encoder keeps the orientation, with the frames of both manifolds; 0 or 1 for a local homeomorphism. Null where one has no orientation or the dimensions differ.
    /// </summary>
    public double? OrientationKept { get; private init; }

    /// <summary>The correlation of the distances of factors and of latents; null where one of them is not known, or all latents are one.</summary>
    public double? DistanceCorrelation { get; private init; }

    /// <summary>The regions of the latent space reached, relative to those that a sample of the prior of the same size reaches; null where the prior cannot be drawn from.</summary>
    public double? Coverage { get; private init; }

    /// <summary>A tear; null if none was found.</summary>
    public FactorPair? Tear { get; private init; }

    /// <summary>A collision; null if none was found.</summary>
    public FactorPair? Collision { get; private init; }

    /// <summary>Why the topology is not captured, a reason each; empty if it is.</summary>
    public IReadOnlyList<string> Obstacles { get; private init; } = [];

    /// <summary>The verdict: whether the encoder is a homeomorphism, by the rule above.</summary>
    public bool IsCaptured => Obstacles.Count == 0;

    /// <summary>Judges an encoder by images made for the purpose.</summary>
    /// <param name="model">The model.</param>
    /// <param name="family">What the data are draws of, which gives the image of any factor.</param>
    /// <param name="generator">The source of points and moves, on the model's device.</param>
    /// <param name="options">How closely to look.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static Topology Measure(DiffusionAutoencoder model, ImageFamily family, Generator generator, TopologyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(family);
        options ??= new TopologyOptions();
        var encoder = new EncoderMap(model, family);
        Topology topology = Measure(family.Manifold, model.Latent, encoder.Latents, generator, options);
        return topology.Degree is { Winding: not null } degree && encoder.IsContinuous(options.ProofImages)
            ? topology with { Degree = degree with { Certainty = Certainty.Proved, Basis = degree.Basis + "; a Lipschitz bound excludes tears" } }
            : topology;
    }

    /// <summary>Judges any map.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="map">From points [count, n], float32, to points [count, n'] on the same device.</param>
    /// <param name="generator">The source of points and moves; points stand on its device, but for the grids from which a degree is found, which stand on the processor.</param>
    /// <param name="options">How closely to look.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static Topology Measure(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map, Generator generator, TopologyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(generator);
        options ??= new TopologyOptions();
        Guard.NoFaults(options.Faults());
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor InPieces(Tensor points) => torch.cat([.. points.split(BatchSize).Select(map)]);
        Tensor sample = from.SampleUniform(options.Samples, generator);
        Tensor images = InPieces(sample);
        ProductMetric? metric = ProductMetric.Of(to.Manifolds);
        var topology = new Topology
        {
            Factors = from.Id,
            Latent = to.Id,
            Degree = MapDegree.Of(from, to, InPieces),
            OrientationKept = Orientation(from, to, InPieces, sample),
            Coverage = metric is null ? null : Reached(to, metric, images, generator, options),
        };
        if (metric is not null && from is IMetricManifold factors)
        {
            (Tensor few, Tensor theirs) = (sample.narrow(0, 0, Math.Min(CorrelationSample, options.Samples)), images.narrow(0, 0, Math.Min(CorrelationSample, options.Samples)));
            Tensor latentDistances = metric.Distances(theirs, theirs);
            var search = new PairSearch(factors, metric, InPieces, sample, images, latentDistances.max().ToDouble(), generator);
            topology = topology with
            {
                DistanceCorrelation = Correlation(ProductMetric.Of([factors])!.Distances(few, few), latentDistances), Tear = search.Tear(), Collision = search.Collision(),
            };
        }
        return topology with { Obstacles = [.. Found(topology, from, to)] };
    }

    private static IEnumerable<string> Found(Topology topology, IClosedManifold from, LatentSpace to)
    {
        if (topology.Tear is { } tear)
        {
            yield return Invariant($"torn: factors {100 * tear.FactorDistance:0.0}% of the greatest distance apart have latents {100 * tear.LatentDistance:0}% apart");
        }
        if (topology.Collision is { } collision)
        {
            yield return Invariant($"collision: factors {100 * collision.FactorDistance:0}% of the greatest distance apart have latents {100 * collision.LatentDistance:0.0}% apart");
        }
        if (topology.Coverage is not { } coverage)
        {
            yield return $"undetermined: the coverage of '{to.Id}' is not known, or the distances on it";
        }
        else if (coverage < LeastCoverage)
        {
            yield return Invariant($"not onto: {100 * coverage:0}% of '{to.Id}' is covered");
        }
        if (from is not IMetricManifold)
        {
            yield return $"undetermined: the distances on '{from.Id}' are not known";
        }
        if (topology.Degree is { } degree && degree.AllowsHomeomorphism is not true)
        {
            yield return degree.Value is { } value ? Invariant($"degree {value}{(degree.IsModuloTwo ? " modulo 2" : "")}") : $"degree undetermined: {degree.Basis}";
        }
    }

    private static double? Orientation(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map, Tensor sample) =>
        from is IFramedManifold { IsOrientable: true } && to.Manifolds is [IFramedManifold { IsOrientable: true } target] && target.Dimension == from.Dimension
            ? Jacobian.Determinants(from, target, map, sample, difference: 0.01).gt(0).to(ScalarType.Float32).mean().ToDouble()
            : null;

    private static double? Reached(LatentSpace to, ProductMetric metric, Tensor images, Generator generator, TopologyOptions options)
    {
        if (to.Prior is null)
        {
            return null;
        }
        Tensor anchors = to.SamplePrior(options.Anchors, generator);
        long Regions(Tensor points) => metric.Distances(points, anchors).argmin(1).unique().output.numel();
        return (double)Regions(images) / Regions(to.SamplePrior(images.size(0), generator));
    }

    private static double? Correlation(Tensor first, Tensor second)
    {
        Tensor above = torch.triu_indices(first.size(0), first.size(1), 1);
        Tensor pairs = torch.stack([first[above[0], above[1]], second[above[0], above[1]]]).to(ScalarType.Float64);
        double correlation = torch.corrcoef(pairs)[0, 1].item<double>();
        return double.IsFinite(correlation) ? correlation : null;
    }
}
