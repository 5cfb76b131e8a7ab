namespace DiffusionVae.Manifolds;

/// <summary>
/// A smooth Riemannian submanifold of R^n: what a latent space needs to know of its geometry to be trained.
/// </summary>
/// <remarks>
/// Points are rows: tensors of shape [..., n]. Everything is differentiable and works in float32 and float64,
/// on any device. Results are new tensors in the caller's dispose scope; arguments are never disposed.
/// </remarks>
public interface IManifold
{
    /// <summary>
    /// The name by which <see cref="ManifoldCatalogue"/> finds the manifold, such as <c>sphere:2</c>.
    /// </summary>
    string Id { get; }

    /// <summary>The intrinsic dimension d.</summary>
    int Dimension { get; }

    /// <summary>The dimension n of the surrounding space.</summary>
    int AmbientDimension { get; }

    /// <summary>The closest-point projection P: R^n → M (paper, section 3.2).</summary>
    /// <param name="x">Points of R^n, [..., n].</param>
    /// <returns>
    /// Points of M, [..., n]; also where the closest point is not unique, and with a finite gradient there.
    /// </returns>
    Tensor Project(Tensor x);

    /// <summary>The width of <see cref="Features"/>.</summary>
    int FeatureDimension => AmbientDimension;

    /// <summary>
    /// What a decoder sees of a point: the point itself, unless several points of R^n stand for the same
    /// point of M.
    /// </summary>
    /// <param name="points">Points of M, [..., n].</param>
    /// <returns>[..., <see cref="FeatureDimension"/>].</returns>
    Tensor Features(Tensor points) => points.alias();
}
