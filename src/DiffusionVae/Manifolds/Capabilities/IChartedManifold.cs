namespace DiffusionVae.Manifolds;

/// <summary>A manifold that can be drawn.</summary>
public interface IChartedManifold : IManifold
{
    /// <summary>
    /// The ways to draw it: the first is the one to decode over, with as many coordinates as M has dimensions or, for a circle, one more; further ones show the
    /// shape. Empty for the members of a family that have too many dimensions.
    /// </summary>
    IReadOnlyList<Chart> Charts { get; }
}
