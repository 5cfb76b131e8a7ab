using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>R^k with the prior N(0, I) and Gaussian posteriors of diagonal covariance: the standard variational autoencoder.</summary>
/// <remarks>Its posterior has k variances where Brownian motion on a manifold has one time, so it is the richer family; log t holds their logarithms.</remarks>
public sealed class GaussianLatentSpace : LatentSpace
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Lowest = -20.0;
    private static readonly Scalar Highest = 10.0;
    private readonly EuclideanSpace space;

    /// <summary>Creates the latent space.</summary>
    public GaussianLatentSpace(EuclideanSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        this.space = space;
    }

    /// <inheritdoc/>
    public override string Id => space.Id;

    /// <inheritdoc/>
    public override int Dimension => space.Dimension;

    /// <inheritdoc/>
    public override int AmbientDimension => space.Dimension;

    /// <inheritdoc/>
    public override int TimeDimension => space.Dimension;

    /// <inheritdoc/>
    public override int FeatureDimension => space.Dimension;

    /// <inheritdoc/>
    public override bool HasAbsoluteDivergence => true;

    /// <inheritdoc/>
    public override string Description => $"{Id}: closed-form divergence from N(0, I), a variance for each coordinate";

    /// <inheritdoc/>
    public override Tensor Project(Tensor x) => space.Project(x);

    /// <inheritdoc/>
    public override Tensor LogTime(Tensor output) => output.clamp(Lowest, Highest);

    /// <inheritdoc/>
    public override Tensor Features(Tensor points) => points.alias();

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Representatives(Tensor points) => [points.alias()];

    /// <inheritdoc/>
    public override Tensor Sample(Posterior posterior, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        Tensor mean = posterior.Mean;
        Tensor noise = torch.randn(mean.shape, mean.dtype, mean.device, generator: generator);
        return (mean + (noise * posterior.LogTime.mul(Half).exp_())).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor SampleExact(Posterior posterior, Generator generator) => Sample(posterior, generator);

    /// <inheritdoc/>
    public override Tensor SamplePrior(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        torch.randn([count, Dimension], dtype, generator.device, generator: generator);

    /// <inheritdoc/>
    /// <remarks>½ Σ (μ² + σ² - 1 - log σ²) (Kingma and Welling 2014, appendix B).</remarks>
    public override Tensor Divergence(Posterior posterior)
    {
        using var scope = torch.NewDisposeScope();
        Tensor terms = posterior.Mean.square() + posterior.LogTime.exp() - posterior.LogTime - One;
        return terms.sum(-1, keepdim: true).mul_(Half).MoveToOuterDisposeScope();
    }
}
