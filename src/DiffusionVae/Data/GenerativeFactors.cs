using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>
/// The generative factors of images: for each image the point of a manifold from which it was made.
/// </summary>
/// <param name="manifold">The manifold of the factors, such as <c>torus:2</c> for the translations of a
/// periodic picture.</param>
/// <param name="points">The points, [count, n], float32, where n is the manifold's ambient dimension.</param>
public sealed class GenerativeFactors(IManifold manifold, Tensor points)
{
    /// <summary>The manifold of the factors.</summary>
    public IManifold Manifold { get; } = manifold;

    /// <summary>
    /// The points, [count, n], float32. The factors of an <see cref="ImageSet"/> belong to the set.
    /// </summary>
    public Tensor Points { get; } = points;

    /// <summary>
    /// The names of the factors: one for the whole point, or one for each circle of a torus; empty if they
    /// have none.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
