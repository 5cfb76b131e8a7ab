using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>N(0, I) on R^k. The proposal of a Gaussian posterior is the posterior itself.</summary>
internal sealed class GaussianPrior(GaussianLatentSpace space) : LatentPrior
{
    private static readonly Scalar Half = 0.5;

    /// <summary>Half the side of the box that the quadrature covers.</summary>
    private const double Box = 8;

    public override Tensor Sample(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        torch.randn([count, space.Dimension], dtype, generator.device, generator: generator);

    public override Tensor SampleProposal(Posterior posterior, Generator generator)
    {
        using var frozen = torch.no_grad();
        return space.Sample(posterior, generator);
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
    /// The trapezoidal rule on the box [-8, 8]^k with the weights of N(0, I). What lies outside has a prior
    /// mass of 1e-15 for each coordinate: it matters only where the decoder explains an image better there by
    /// 32 nats.
    /// </remarks>
    public override QuadratureRule Quadrature(double spacing)
    {
        var axis = QuadratureAxis.Trapezoid(-Box, Box, spacing, z => Math.Exp(-z * z / 2));
        return new QuadratureRule([.. Enumerable.Repeat(axis, space.Dimension)], coordinates => coordinates.alias());
    }
}
