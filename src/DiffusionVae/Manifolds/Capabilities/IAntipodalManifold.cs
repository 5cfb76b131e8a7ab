namespace DiffusionVae.Manifolds;

/// <summary>A manifold each of whose points has two representatives in R^n: p and its antipode.</summary>
/// <remarks>
/// A decoder is a function on it only if it gives both the same value: by <see cref="IManifold.Features"/>,
/// or as their average.
/// </remarks>
public interface IAntipodalManifold : IManifold
{
    /// <summary>
    /// Whether every line through the origin meets the representatives in one pair p and -p, so that the
    /// manifold is homeomorphic to RP^d.
    /// </summary>
    bool IsProjective => false;

    /// <summary>The other representatives of the same points.</summary>
    /// <param name="points">[..., n].</param>
    /// <returns>[..., n].</returns>
    Tensor Antipode(Tensor points);
}
