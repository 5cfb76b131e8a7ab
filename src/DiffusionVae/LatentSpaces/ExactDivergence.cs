using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>The divergence of the heat kernel itself, right at every time.</summary>
public sealed class ExactDivergence : IDivergence
{
    private readonly IHeatKernelManifold manifold;

    /// <summary>Creates the divergence on a manifold.</summary>
    public ExactDivergence(IHeatKernelManifold manifold)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        this.manifold = manifold;
    }

    /// <inheritdoc/>
    public DivergenceMethod Method => DivergenceMethod.Exact;

    /// <inheritdoc/>
    public Tensor Evaluate(Tensor points, Tensor logTime) => manifold.Divergence(points, logTime);
}
