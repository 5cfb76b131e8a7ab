namespace DiffusionVae.Manifolds;

/// <summary>A closed manifold with quadrature rules for its uniform distribution, of any fineness.</summary>
public interface IQuadratureManifold : IClosedManifold
{
    private const int NodesAcross = 30;

    /// <summary>
    /// A rule of a given fineness, which converges faster than any power of the spacing where the integrand
    /// is smooth.
    /// </summary>
    /// <param name="spacing">
    /// The greatest distance of neighbouring nodes, about, in length units; positive.
    /// </param>
    QuadratureRule Quadrature(double spacing);

    /// <summary>
    /// A rule for integrands that every isometry of the manifold leaves as they are, such as its curvature.
    /// Where isometries take each point to each other one, a single point is enough.
    /// </summary>
    QuadratureRule InvariantQuadrature() => Quadrature(Math.Exp(LogVolume / Dimension) / NodesAcross);
}
