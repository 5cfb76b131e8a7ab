using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>What images truly depend on: for each image a point of a manifold.</summary>
/// <param name="Manifold">The manifold of true factors, such as <c>torus:2</c> for the translations of a periodic picture.</param>
/// <param name="Points">[count, n], float32, n being the manifold's ambient dimension; owned by the <see cref="ImageSet"/> it belongs to.</param>
public sealed record GenerativeFactors(IManifold Manifold, Tensor Points)
{
    /// <summary>What the factors are called: one name for the whole point, or one for each circle of a torus; empty where they have none.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
