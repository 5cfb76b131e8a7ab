namespace DiffusionVae.Manifolds;

/// <summary>A manifold whose geodesic distance is known.</summary>
public interface IMetricManifold : IManifold
{
    /// <summary>The greatest distance of two points, in length units; infinite on R^k.</summary>
    double Diameter { get; }

    /// <summary>The length of the shortest path between points.</summary>
    /// <param name="p">[..., n].</param>
    /// <param name="q">[..., n], broadcast against <paramref name="p"/>.</param>
    /// <returns>[..., 1].</returns>
    Tensor Distance(Tensor p, Tensor q);
}
