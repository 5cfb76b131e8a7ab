namespace DiffusionVae.Manifolds;

/// <summary>A manifold whose geodesics are known in closed form.</summary>
/// <remarks>
/// Tangent vectors are given as vectors of R^n, in shape [..., n] like the points they stand at.
/// </remarks>
public interface IGeodesicManifold : IMetricManifold
{
    /// <summary>
    /// The end of the geodesic that leaves <paramref name="p"/> with velocity <paramref name="tangent"/>,
    /// after unit time.
    /// </summary>
    Tensor Exp(Tensor p, Tensor tangent);

    /// <summary>
    /// The shortest tangent vector at <paramref name="p"/> whose <see cref="Exp"/> is <paramref name="q"/>
    /// (one of them, on the cut locus).
    /// </summary>
    Tensor Log(Tensor p, Tensor q);

    /// <summary>
    /// The orthogonal projection of a vector of R^n onto the tangent space at <paramref name="p"/>.
    /// </summary>
    Tensor ProjectTangent(Tensor p, Tensor vector);
}
