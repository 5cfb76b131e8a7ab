using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The prior p(z) of a latent space, and what estimates of the likelihood need of it. Training does without.
/// </summary>
/// <remarks>
/// <para>
/// A user-defined latent space returns one from <see cref="LatentSpace.Prior"/>. Only <see cref="Sample"/>
/// must be implemented: it gives images from the prior, importance sampling, and the coverage in
/// <c>Topology</c>. Better proposals make importance sampling more accurate; <see cref="Quadrature"/> makes
/// the likelihood by quadrature possible.
/// </para>
/// <para>Results are new tensors in the caller's dispose scope. Arguments are never disposed.</para>
/// </remarks>
public abstract class LatentPrior
{
    /// <summary>For derived classes.</summary>
    protected LatentPrior()
    {
    }

    /// <summary>The uniform distribution on a closed manifold.</summary>
    /// <remarks>
    /// Proposals are those of <see cref="IProposalManifold"/> and the rule is that of
    /// <see cref="IQuadratureManifold"/>, where the manifold implements them. The proposals take the
    /// posterior's mean as centre and its one number of spread as log t.
    /// </remarks>
    /// <param name="manifold">The manifold.</param>
    public static LatentPrior CreateUniform(IClosedManifold manifold) => new UniformPrior(manifold);

    /// <summary>Draws from the prior.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="generator">The source of the draws; its device is that of the points.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <returns>[count, n].</returns>
    public abstract Tensor Sample(long count, Generator generator, ScalarType dtype = ScalarType.Float32);

    /// <summary>
    /// Draws a point for each posterior from a distribution near it whose density is known exactly: by
    /// default from the prior itself. Not differentiable.
    /// </summary>
    /// <param name="posterior">The posteriors: means [..., n], log times [..., times].</param>
    /// <param name="generator">The source of the draws, on the same device.</param>
    /// <returns>[..., n].</returns>
    public virtual Tensor SampleProposal(Posterior posterior, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        Tensor mean = posterior.Mean;
        return Sample(mean.numel() / mean.size(-1), generator, mean.dtype).reshape(mean.shape).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// log r(z) - log p(z), where r is the density of <see cref="SampleProposal"/>: by default zero.
    /// </summary>
    /// <param name="posterior">
    /// The posteriors, broadcast against the points: for example [images, 1, n] against [images, samples, n].
    /// </param>
    /// <param name="points">The points z, [..., n].</param>
    /// <returns>[..., 1], float64.</returns>
    public virtual Tensor LogProposalRatio(Posterior posterior, Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return torch.zeros([.. points.shape[..^1], 1], ScalarType.Float64, points.device);
    }

    /// <summary>
    /// A quadrature rule for the prior. It converges faster than any power of the spacing where the integrand
    /// is smooth.
    /// </summary>
    /// <param name="spacing">The greatest distance of neighbouring nodes, approximately; positive.</param>
    /// <returns>The rule; null (the default) where there is none.</returns>
    public virtual QuadratureRule? Quadrature(double spacing) => null;
}
