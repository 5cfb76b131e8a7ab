namespace DiffusionVae.Manifolds;

/// <summary>A manifold that can be drawn.</summary>
public interface IChartedManifold : IManifold
{
    /// <summary>
    /// The ways to draw it. The first is the one to decode over, with as many coordinates as M has dimensions
    /// or, for a circle, one more; it is smooth but for its edges. Further ones show the shape. Empty for the
    /// members of a family that have too many dimensions.
    /// </summary>
    IReadOnlyList<Chart> Charts { get; }

    /// <summary>
    /// The manifolds to draw one by one where the whole has no chart: M is their product, and their
    /// coordinates stand side by side in a point.
    /// </summary>
    IReadOnlyList<IChartedManifold> Parts => [this];
}
