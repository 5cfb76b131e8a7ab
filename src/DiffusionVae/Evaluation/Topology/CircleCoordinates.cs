using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The angles of a product of circles: flat tori, circles, the ring torus, and products of these.
/// </summary>
internal sealed class CircleCoordinates
{
    private readonly IReadOnlyList<ICircularManifold> manifolds;

    private CircleCoordinates(IReadOnlyList<ICircularManifold> manifolds) => this.manifolds = manifolds;

    /// <summary>The circles of a product; null where a component is no product of circles.</summary>
    public static CircleCoordinates? Of(IReadOnlyList<IManifold> manifolds) =>
        manifolds.All(manifold => manifold is ICircularManifold { IsProductOfCircles: true })
            ? new CircleCoordinates([.. manifolds.Cast<ICircularManifold>()])
            : null;

    /// <summary>The angles of points, [..., n] → [..., circles].</summary>
    public Tensor Angles(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor vectors = Vectors(points);
        return torch.atan2(vectors.select(-1, 1), vectors.select(-1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Vectors of the plane in the direction of each angle, [..., circles, 2], of points of the surrounding
    /// space, [..., n]: each is a function of Lipschitz constant 1, and vanishes where the projection onto
    /// the manifold tears.
    /// </summary>
    public Tensor Vectors(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] parts = x.split([.. manifolds.Select(manifold => (long)manifold.AmbientDimension)], -1);
        return torch.cat([.. manifolds.Zip(parts, (manifold, part) => manifold.CircleVectors(part))], -2).MoveToOuterDisposeScope();
    }
}
