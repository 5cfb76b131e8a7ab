namespace DiffusionVae.Manifolds;

/// <summary>A user-defined manifold of which only the closest-point projection is known.</summary>
/// <remarks>
/// Enough to train. Its volume and curvature are unknown, so its divergence, and with it the ELBO, is known
/// up to a constant. Implement <see cref="IClosedManifold"/> instead to have both.
/// </remarks>
public sealed class ProjectedManifold : IManifold, IUserCode
{
    private readonly Func<Tensor, Tensor> projection;

    /// <summary>Creates the manifold.</summary>
    /// <param name="id">A name for it.</param>
    /// <param name="dimension">The intrinsic dimension d.</param>
    /// <param name="ambientDimension">The dimension n of the surrounding space, at least d.</param>
    /// <param name="projection">
    /// The closest-point projection from [..., n] to [..., n], differentiable.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ d ≤ n.</exception>
    public ProjectedManifold(string id, int dimension, int ambientDimension, Func<Tensor, Tensor> projection)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ambientDimension, dimension);
        ArgumentNullException.ThrowIfNull(projection);
        (Id, Dimension, AmbientDimension, this.projection) = (id, dimension, ambientDimension, projection);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int AmbientDimension { get; }

    /// <inheritdoc/>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return projection(x).MoveToOuterDisposeScope();
    }
}
