using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Whether an encoder captures the topology of data: whether it maps their true factors to the latent space
/// by a homeomorphism.
/// </summary>
/// <remarks>
/// <para>The encoder captures the topology if all of the following are true:</para>
/// <list type="number">
/// <item><description>It is continuous: a search finds no tear.</description></item>
/// <item><description>It is one-to-one: a search finds no collision.</description></item>
/// <item><description>
/// It is onto: it reaches at least 90% of the regions of the latent space that a uniform sample of as many
/// points reaches.
/// </description></item>
/// <item><description>
/// Its degree, where it has one, is ±1 (odd, where it exists only modulo 2).
/// </description></item>
/// </list>
/// <para>
/// A <i>tear</i> is a pair of factors closer than 1% of their greatest distance, whose latents are farther
/// apart than 25% of the greatest distance of latents. A <i>collision</i> is a pair of latents closer than 1%
/// whose factors are farther apart than 25%. Distances are geodesic.
/// </para>
/// <para>
/// The encoder is measured, and types are not compared: a map between manifolds that are not homeomorphic has
/// to fail on one of the counts. Where one of them cannot be tested and the others do not fail, the verdict
/// is undetermined.
/// </para>
/// </remarks>
public sealed class Topology
{
    private const double LeastCoverage = 0.9;
    private const int BatchSize = 500;
    private const int CorrelationSample = 1000;

    /// <summary>The id of the manifold of true factors.</summary>
    public required string Factors { get; init; }

    /// <summary>The id of the latent space.</summary>
    public required string Latent { get; init; }

    /// <summary>
    /// The verdict by the rule above: true if the topology is captured, false if it was seen not to be, null
    /// if this is undetermined.
    /// </summary>
    public bool? IsCaptured => Obstacles.Count > 0 ? false : Undetermined.Count > 0 ? null : true;

    /// <summary>
    /// The observations that show that the topology is not captured, in words; empty if there are none.
    /// </summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>
    /// The parts of the rule that could not be tested, and why, in words; empty if all were.
    /// </summary>
    public required IReadOnlyList<string> Undetermined { get; init; }

    /// <summary>
    /// The degree; null where maps between these manifolds have none, or none that can be measured.
    /// </summary>
    public required MapDegree? Degree { get; init; }

    /// <summary>
    /// The share of the sample at which the encoder keeps the orientation, by the frames of both manifolds: 0
    /// or 1 for a local homeomorphism. Null where one has no orientation, or the dimensions differ.
    /// </summary>
    public required double? OrientationKept { get; init; }

    /// <summary>
    /// The correlation of the distances of factors with those of latents. Null where the distances on one
    /// side are not known, or all latents are one.
    /// </summary>
    public required double? DistanceCorrelation { get; init; }

    /// <summary>
    /// The number of regions of the latent space that are reached, relative to the number that a sample of
    /// the prior of the same size reaches. Null where the prior or the distances are not known.
    /// </summary>
    public required double? Coverage { get; init; }

    /// <summary>A tear; null if none was found.</summary>
    public required FactorPair? Tear { get; init; }

    /// <summary>A collision; null if none was found.</summary>
    public required FactorPair? Collision { get; init; }

    /// <summary>Measures an encoder, on images rendered for the purpose.</summary>
    /// <param name="model">The model, in evaluation mode if its networks have one.</param>
    /// <param name="family">The family of the data, which gives the image of any factor.</param>
    /// <param name="generator">The source of points and moves, on the model's device.</param>
    /// <param name="options">How closely to look; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static Topology Measure(DiffusionAutoencoder model, ImageFamily family, Generator generator, TopologyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(family);
        options ??= new TopologyOptions();
        var encoder = new EncoderMap(model, family);
        return Measure(family.Manifold, model.Latent, encoder.Latents, () => encoder.IsContinuous(options.ProofImages), generator, options);
    }

    /// <summary>Measures any map.</summary>
    /// <param name="from">The source of the map.</param>
    /// <param name="to">The target of the map.</param>
    /// <param name="map">From points [count, n], float32, to points [count, n'] on the same device.</param>
    /// <param name="generator">
    /// The source of points and moves. Points are on its device, except for the grids from which a degree is
    /// found, which are on the CPU.
    /// </param>
    /// <param name="options">How closely to look; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static Topology Measure(
        IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map, Generator generator, TopologyOptions? options = null) =>
        Measure(from, to, map, () => false, generator, options ?? new TopologyOptions());

    private static Topology Measure(
        IClosedManifold from,
        LatentSpace to,
        Func<Tensor, Tensor> map,
        Func<bool> isProvedContinuous,
        Generator generator,
        TopologyOptions options)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(generator);
        Guard.NoFaults(options.Faults());
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor InPieces(Tensor points) => torch.cat([.. points.split(BatchSize).Select(map)]);
        Tensor sample = from.SampleUniform(options.Samples, generator);
        Tensor mapped = InPieces(sample);
        MapDegree? degree = MapDegree.Measure(from, to, InPieces);
        double? orientationKept = OrientationShare(from, to, InPieces, sample);
        ProductMetric? metric = ProductMetric.Create(to.Manifolds);
        double? coverage = metric is null ? null : RelativeCoverage(to, metric, mapped, generator, options);
        double? correlation = null;
        (FactorPair? tear, FactorPair? collision) = (null, null);
        if (metric is not null && from is IMetricManifold factors)
        {
            int few = Math.Min(CorrelationSample, options.Samples);
            (Tensor fewFactors, Tensor fewLatents) = (sample.narrow(0, 0, few), mapped.narrow(0, 0, few));
            Tensor latentDistances = metric.Distances(fewLatents, fewLatents);
            var search = new PairSearch(factors, metric, InPieces, sample, mapped, latentDistances.max().ToDouble(), generator);
            correlation = Correlation(ProductMetric.Create([factors])!.Distances(fewFactors, fewFactors), latentDistances);
            (tear, collision) = (search.Tear(), search.Collision());
        }
        return new Topology
        {
            Factors = from.Id,
            Latent = to.Id,
            Obstacles = [.. FindObstacles(to, degree, coverage, tear, collision)],
            Undetermined = [.. FindUntested(from, to, degree, coverage)],
            Degree = degree is { Winding: not null } && isProvedContinuous() ? degree.Proved("a Lipschitz bound excludes tears") : degree,
            OrientationKept = orientationKept,
            DistanceCorrelation = correlation,
            Coverage = coverage,
            Tear = tear,
            Collision = collision,
        };
    }

    private static IEnumerable<string> FindObstacles(
        LatentSpace to, MapDegree? degree, double? coverage, FactorPair? tear, FactorPair? collision)
    {
        if (tear is not null)
        {
            yield return Invariant($"torn: factors {100 * tear.FactorDistance:0.0}% of the greatest distance apart have latents ")
                + Invariant($"{100 * tear.LatentDistance:0}% apart");
        }
        if (collision is not null)
        {
            yield return Invariant($"collision: factors {100 * collision.FactorDistance:0}% of the greatest distance apart have latents ")
                + Invariant($"{100 * collision.LatentDistance:0.0}% apart");
        }
        if (coverage < LeastCoverage)
        {
            yield return Invariant($"not onto: {100 * coverage:0}% of '{to.Id}' is covered");
        }
        if (degree is { AllowsHomeomorphism: false })
        {
            yield return Invariant($"degree {degree.Value}{(degree.IsModuloTwo ? " modulo 2" : "")}");
        }
    }

    private static IEnumerable<string> FindUntested(IClosedManifold from, LatentSpace to, MapDegree? degree, double? coverage)
    {
        if (coverage is null)
        {
            yield return $"the coverage of '{to.Id}' is not known, or the distances on it";
        }
        if (from is not IMetricManifold)
        {
            yield return $"the distances on '{from.Id}' are not known";
        }
        if (degree is { AllowsHomeomorphism: null })
        {
            yield return $"the degree did not settle: {degree.Basis}";
        }
    }

    private static double? OrientationShare(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map, Tensor sample)
    {
        if (from is not IFramedManifold { IsOrientable: true }
            || to.Manifolds is not [IFramedManifold { IsOrientable: true } target]
            || target.Dimension != from.Dimension)
        {
            return null;
        }
        Tensor determinants = Jacobian.Determinants(from, target, map, sample, difference: 0.01);
        return determinants.gt(0).to(ScalarType.Float32).mean().ToDouble();
    }

    private static double? RelativeCoverage(
        LatentSpace to, ProductMetric metric, Tensor mapped, Generator generator, TopologyOptions options)
    {
        if (to.Prior is null)
        {
            return null;
        }
        Tensor anchors = to.SamplePrior(options.Anchors, generator);
        long Regions(Tensor points) => metric.Distances(points, anchors).argmin(1).unique().output.numel();
        return (double)Regions(mapped) / Regions(to.SamplePrior(mapped.size(0), generator));
    }

    private static double? Correlation(Tensor first, Tensor second)
    {
        Tensor above = torch.triu_indices(first.size(0), first.size(1), 1);
        Tensor pairs = torch.stack([first[above[0], above[1]], second[above[0], above[1]]]).to(ScalarType.Float64);
        double correlation = torch.corrcoef(pairs)[0, 1].item<double>();
        return double.IsFinite(correlation) ? correlation : null;
    }
}
