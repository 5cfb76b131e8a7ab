using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>The angles of a manifold made of circles: flat tori, circles, the ring torus, and products of these.</summary>
internal sealed class CircleCoordinates
{
    private readonly IReadOnlyList<IManifold> manifolds;

    private CircleCoordinates(IReadOnlyList<IManifold> manifolds) => this.manifolds = manifolds;

    /// <summary>The circles of a product; null where a factor is not made of circles.</summary>
    public static CircleCoordinates? Of(IReadOnlyList<IManifold> manifolds) =>
        manifolds.All(manifold => manifold is FlatTorus or EmbeddedTorus or Sphere { Dimension: 1 }) ? new CircleCoordinates(manifolds) : null;

    /// <summary>The angles of points, [..., n] → [..., circles].</summary>
    public Tensor Angles(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor vectors = Vectors(points);
        return torch.atan2(vectors.select(-1, 1), vectors.select(-1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Vectors of the plane in the direction of each angle, [..., circles, 2], of points of the surrounding space, [..., n]: each is a function of Lipschitz constant 1, and
    /// vanishes where the projection onto the manifold tears.
    /// </summary>
    public Tensor Vectors(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] parts = x.split([.. manifolds.Select(manifold => (long)manifold.AmbientDimension)], -1);
        return torch.cat([.. manifolds.Zip(parts, Vectors)], -2).MoveToOuterDisposeScope();
    }

    private static Tensor Vectors(IManifold manifold, Tensor x)
    {
        if (manifold is not EmbeddedTorus torus)
        {
            return x.reshape([.. x.shape[..^1], x.size(-1) / 2, 2]);
        }
        Tensor horizontal = x.narrow(-1, 0, 2);
        Tensor fromCore = horizontal.Squared().sum(-1, keepdim: true).sqrt() - torus.CoreRadius;
        return torch.stack([torch.cat([fromCore, x.narrow(-1, 2, 1)], -1), horizontal], -2);
    }
}
