using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// Geodesic distances on a product of manifolds: the root of the sum of squares over its components.
/// </summary>
internal sealed class ProductMetric
{
    private const long MostPairs = 1 << 15;
    private readonly IReadOnlyList<IMetricManifold> manifolds;
    private readonly long[] widths;

    private ProductMetric(IReadOnlyList<IMetricManifold> manifolds) =>
        (this.manifolds, widths) = (manifolds, [.. manifolds.Select(manifold => (long)manifold.AmbientDimension)]);

    /// <summary>The metric; null where the distance on one of them is not known.</summary>
    public static ProductMetric? Create(IReadOnlyList<IManifold> manifolds)
    {
        IMetricManifold[] known = [.. manifolds.OfType<IMetricManifold>()];
        return known.Length == manifolds.Count ? new ProductMetric(known) : null;
    }

    /// <summary>The distance of points, [..., n] broadcast against [..., n] → [...].</summary>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        IEnumerable<Tensor> squares = manifolds.Zip(p.split(widths, -1), q.split(widths, -1))
            .Select(part => part.First.Distance(part.Second, part.Third).Squared());
        return squares.Aggregate((sum, next) => sum + next).sqrt().squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The distances of all points from all others, [a, n] and [b, n] → [a, b].</summary>
    public Tensor Distances(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        int rows = (int)Math.Max(1, MostPairs / q.size(0));
        Tensor[] pieces = [.. p.split(rows).Select(piece => Distance(piece.unsqueeze(1), q))];
        return torch.cat(pieces).MoveToOuterDisposeScope();
    }
}
