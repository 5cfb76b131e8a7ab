namespace DiffusionVae.Manifolds;

/// <summary>
/// A manifold that is a product of circles up to a homeomorphism, such as a torus. Topology counts how often
/// maps wind round its circles.
/// </summary>
public interface ICircularManifold : IManifold
{
    /// <summary>False for the members of a family that are no products of circles, such as S^2.</summary>
    bool IsProductOfCircles => true;

    /// <summary>The points with the given angles, one for each circle.</summary>
    /// <param name="angles">[..., d], in radians.</param>
    /// <returns>[..., n].</returns>
    Tensor FromAngles(Tensor angles);

    /// <summary>
    /// Vectors of the plane in the direction of each angle. Each is a function of Lipschitz constant 1 on
    /// R^n, and vanishes where the projection onto the manifold is not continuous.
    /// </summary>
    /// <param name="x">Points of R^n, on the manifold or not, [..., n].</param>
    /// <returns>[..., d, 2].</returns>
    Tensor CircleVectors(Tensor x);
}
