using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// R^k with the prior N(0, I) and Gaussian posteriors of diagonal covariance: the standard variational
/// autoencoder.
/// </summary>
/// <remarks>
/// Its posterior has k variances, where Brownian motion on a manifold has one time, so it is the richer
/// family. log t holds the logarithms of the variances.
/// </remarks>
public sealed class GaussianLatentSpace : LatentSpace
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Lowest = -20.0;
    private static readonly Scalar Highest = 10.0;

    /// <summary>Creates the latent space.</summary>
    /// <param name="space">R^k.</param>
    public GaussianLatentSpace(IVectorSpace space)
        : base(space)
    {
        Id = space.Id;
        Prior = new GaussianPrior(this);
    }

    /// <inheritdoc/>
    public override string Id { get; }

    /// <inheritdoc/>
    public override string Description => $"{Id}: closed-form divergence from N(0, I), a variance for each coordinate";

    /// <inheritdoc/>
    public override int TimeDimension => Dimension;

    /// <inheritdoc/>
    public override LatentPrior Prior { get; }

    internal override IReadOnlyList<IManifold> EncodedManifolds => Manifolds;

    /// <inheritdoc/>
    public override Tensor LogTime(Tensor output) => output.clamp(Lowest, Highest);

    /// <inheritdoc/>
    public override Tensor Sample(Posterior posterior, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        Tensor mean = posterior.Mean;
        Tensor noise = torch.randn(mean.shape, mean.dtype, mean.device, generator: generator);
        return (mean + (noise * posterior.LogTime.mul(Half).exp_())).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>½ Σ (μ² + σ² - 1 - log σ²) (Kingma and Welling 2014, appendix B).</remarks>
    public override Tensor Divergence(Posterior posterior)
    {
        using var scope = torch.NewDisposeScope();
        Tensor terms = posterior.Mean.Squared() + posterior.LogTime.exp() - posterior.LogTime - One;
        return terms.sum(-1, keepdim: true).mul_(Half).MoveToOuterDisposeScope();
    }
}
