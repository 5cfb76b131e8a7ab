namespace DiffusionVae.Manifolds;

/// <summary>
/// A manifold that can be unfolded: a map of data that is linear in simpler coordinates reaches all of it,
/// where one that is linear in its own would reach a part.
/// </summary>
internal interface IUnfoldableManifold : IManifold
{
    /// <summary>Ways to unfold it.</summary>
    IReadOnlyList<Unfolding> Unfoldings { get; }

    /// <summary>
    /// A way in which nothing is cut or glued, with a fold that can be differentiated; null if there is none.
    /// </summary>
    Unfolding? Homeomorphism => null;
}

/// <summary>A way to unfold a manifold.</summary>
/// <param name="Unfolded">The simpler manifold, of the same dimension.</param>
/// <param name="Fold">
/// The continuous map back, from points [..., m] of the simpler manifold to points [..., n].
/// </param>
internal sealed record Unfolding(IManifold Unfolded, Func<Tensor, Tensor> Fold);
