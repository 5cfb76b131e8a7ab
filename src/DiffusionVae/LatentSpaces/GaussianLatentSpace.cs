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
    private const double Box = 8;
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
    public override IReadOnlyList<IManifold> Manifolds => [space];

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
    public override Tensor Mean(Tensor output) => space.Project(output);

    internal override IReadOnlyList<IManifold> EncodedManifolds => Manifolds;

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
    /// <remarks>The posterior.</remarks>
    public override Tensor SampleProposal(Posterior posterior, Generator generator)
    {
        using var frozen = torch.no_grad();
        return Sample(posterior, generator);
    }

    /// <inheritdoc/>
    /// <remarks>½ Σ (z² - (z - μ)²/σ² - log σ²).</remarks>
    public override Tensor LogProposalRatio(Posterior posterior, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor z = points.to(ScalarType.Float64);
        Tensor logVariance = posterior.LogTime.to(ScalarType.Float64);
        Tensor standardised = (z - posterior.Mean.to(ScalarType.Float64)).Squared() * logVariance.neg().exp_();
        return (z.Squared() - standardised - logVariance).sum(-1, keepdim: true).mul_(Half).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The trapezoidal rule on the box [-8, 8]^k with the weights of N(0, I). What lies outside has a prior mass of 1e-15 for each coordinate: it
    /// matters only where the decoder explains an image better there by 32 nats.
    /// </remarks>
    public override QuadratureRule Quadrature(double spacing)
    {
        var axis = QuadratureAxis.Trapezoid(-Box, Box, spacing, z => Math.Exp(-z * z / 2));
        return new QuadratureRule([.. Enumerable.Repeat(axis, Dimension)], coordinates => coordinates.alias());
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
