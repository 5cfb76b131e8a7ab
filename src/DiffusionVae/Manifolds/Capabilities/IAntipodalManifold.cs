namespace DiffusionVae.Manifolds;

/// <summary>A manifold each of whose points is stood for by two points of R^n, p and its antipode.</summary>
/// <remarks>A decoder is a function on it only if it gives both the same value: by <see cref="IManifold.Features"/>, or as their average.</remarks>
public interface IAntipodalManifold : IManifold
{
    /// <summary>The other representative of the same points, [..., n].</summary>
    Tensor Antipode(Tensor points);
}
