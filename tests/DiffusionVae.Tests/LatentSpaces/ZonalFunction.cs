using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.LatentSpaces;

/// <summary>
/// An eigenfunction of the Laplacian for its first eigenvalue, seen from p: 1 at p, with mean exp(-λt/2)
/// after Brownian motion for the time t.
/// </summary>
/// <param name="Eigenvalue">λ.</param>
/// <param name="Value">From p and z, [b, n] each, to [b].</param>
internal sealed record ZonalFunction(double Eigenvalue, Func<Tensor, Tensor, Tensor> Value)
{
    /// <summary>That of a homogeneous manifold; null for another.</summary>
    public static ZonalFunction? Of(IManifold manifold)
    {
        int d = manifold.Dimension, n = manifold.AmbientDimension;
        return manifold switch
        {
            Sphere => new(d, (p, z) => (p * z).sum(-1)),
            FlatTorus => new(1, (p, z) => (p * z).sum(-1) / d),
            // Harmonics of degree 2 on the sphere.
            ProjectiveSpace => new(2 * n, (p, z) => ((p * z).sum(-1).square() * n - 1) / (n - 1)),
            // tr(pᵀz)/3, a harmonic of degree 2 in the quaternion, whose sphere has radius 2√2.
            RotationGroup => new(8.0 / 8, (p, z) => (p * z).sum(-1) / 3),
            _ => null,
        };
    }
}
