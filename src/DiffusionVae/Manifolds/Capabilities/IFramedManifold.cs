namespace DiffusionVae.Manifolds;

/// <summary>
/// A manifold with an orthonormal basis of the tangent space at every point, by which volumes are compared
/// and orientation is told.
/// </summary>
public interface IFramedManifold : IManifold
{
    /// <summary>
    /// Whether all <see cref="Frame"/>s have the same orientation; if not, no choice of them would.
    /// </summary>
    bool IsOrientable { get; }

    /// <summary>An orthonormal basis of the tangent space.</summary>
    /// <param name="points">[..., n].</param>
    /// <returns>[..., d, n], a vector of R^n in each row; not continuous everywhere.</returns>
    Tensor Frame(Tensor points);
}
