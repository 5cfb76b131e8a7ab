using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The uniform distribution on a closed manifold; with proposals and a quadrature rule where the manifold has
/// them.
/// </summary>
internal sealed class UniformPrior : LatentPrior
{
    private readonly IClosedManifold manifold;

    public UniformPrior(IClosedManifold manifold)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        this.manifold = manifold;
    }

    public override Tensor Sample(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        manifold.SampleUniform(count, generator, dtype);

    public override Tensor SampleProposal(Posterior posterior, Generator generator) => manifold is IProposalManifold proposal
        ? proposal.SampleProposal(posterior.Mean, posterior.LogTime, generator)
        : base.SampleProposal(posterior, generator);

    public override Tensor LogProposalRatio(Posterior posterior, Tensor points) => manifold is IProposalManifold proposal
        ? proposal.LogProposalRatio(posterior.Mean, posterior.LogTime, points)
        : base.LogProposalRatio(posterior, points);

    public override QuadratureRule? Quadrature(double spacing) => (manifold as IQuadratureManifold)?.Quadrature(spacing);
}
