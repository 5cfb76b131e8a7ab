using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>The product of the priors of the components.</summary>
internal sealed class ProductPrior : LatentPrior
{
    private readonly ProductLatentSpace space;
    private readonly LatentPrior[] priors;

    private ProductPrior(ProductLatentSpace space, LatentPrior[] priors) => (this.space, this.priors) = (space, priors);

    /// <summary>The product; null where the prior of a component is not known.</summary>
    public static ProductPrior? Create(ProductLatentSpace space)
    {
        LatentPrior[] known = [.. space.Components.Select(component => component.Prior).OfType<LatentPrior>()];
        return known.Length == space.Components.Count ? new ProductPrior(space, known) : null;
    }

    public override Tensor Sample(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. priors.Select(prior => prior.Sample(count, generator, dtype))], -1).MoveToOuterDisposeScope();
    }

    public override Tensor SampleProposal(Posterior posterior, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        IEnumerable<Tensor> parts = priors.Zip(space.Split(posterior), (prior, part) => prior.SampleProposal(part, generator));
        return torch.cat([.. parts], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The sum over the components.</remarks>
    public override Tensor LogProposalRatio(Posterior posterior, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        IEnumerable<Tensor> ratios = priors.Zip(space.Split(posterior), space.Split(points))
            .Select(part => part.First.LogProposalRatio(part.Second, part.Third));
        return torch.cat([.. ratios], -1).sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }

    public override QuadratureRule? Quadrature(double spacing)
    {
        QuadratureRule?[] rules = [.. priors.Select(prior => prior.Quadrature(spacing))];
        return rules.Contains(null) ? null : QuadratureRule.Product([.. rules.OfType<QuadratureRule>()]);
    }
}
