namespace DiffusionVae.Manifolds;

/// <summary>A closed manifold with quadrature rules for its uniform distribution, as fine as one likes.</summary>
public interface IQuadratureManifold : IClosedManifold
{
    /// <summary>A rule of a given fineness, which converges faster than any power of the spacing where the integrand is smooth.</summary>
    /// <param name="spacing">The greatest distance of neighbouring nodes, about, in length units; positive.</param>
    QuadratureRule Quadrature(double spacing);
}
