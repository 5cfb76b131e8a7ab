using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>A product of latent spaces, each with its own time: coordinates, times and features one after another, divergences side by side.</summary>
public sealed class ProductLatentSpace : LatentSpace
{
    private readonly LatentSpace[] factors;
    private readonly long[] pointWidths;
    private readonly long[] meanWidths;
    private readonly long[] timeWidths;

    /// <summary>Creates the product.</summary>
    /// <param name="factors">Two or more; products among them are taken apart.</param>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public ProductLatentSpace(IReadOnlyList<LatentSpace> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        this.factors = [.. factors.SelectMany(factor => factor.Components)];
        if (this.factors.Length < 2)
        {
            throw new ArgumentException(Invariant($"A product needs at least two factors; there are {this.factors.Length}."), nameof(factors));
        }
        pointWidths = [.. this.factors.Select(factor => (long)factor.AmbientDimension)];
        meanWidths = [.. this.factors.Select(factor => (long)factor.MeanDimension)];
        timeWidths = [.. this.factors.Select(factor => (long)factor.TimeDimension)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LatentSpace> Components => factors;

    /// <inheritdoc/>
    public override string Id => string.Join('*', factors.Select(factor => factor.Id));

    /// <inheritdoc/>
    public override IReadOnlyList<IManifold> Manifolds => [.. factors.SelectMany(factor => factor.Manifolds)];

    /// <inheritdoc/>
    public override int Dimension => factors.Sum(factor => factor.Dimension);

    /// <inheritdoc/>
    public override int AmbientDimension => factors.Sum(factor => factor.AmbientDimension);

    /// <inheritdoc/>
    public override int TimeDimension => factors.Sum(factor => factor.TimeDimension);

    /// <inheritdoc/>
    public override int FeatureDimension => factors.Sum(factor => factor.FeatureDimension);

    /// <inheritdoc/>
    public override bool HasAbsoluteDivergence => factors.All(factor => factor.HasAbsoluteDivergence);

    /// <inheritdoc/>
    public override string Description => string.Join("; ", factors.Select(factor => factor.Description));

    /// <inheritdoc/>
    public override Tensor Project(Tensor x) => Joined(x, pointWidths, (factor, part) => factor.Project(part));

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => Joined(output, meanWidths, (factor, part) => factor.Mean(part));

    internal override IReadOnlyList<IManifold> EncodedManifolds => [.. factors.SelectMany(factor => factor.EncodedManifolds)];

    /// <inheritdoc/>
    public override Tensor LogTime(Tensor output) => Joined(output, timeWidths, (factor, part) => factor.LogTime(part));

    /// <inheritdoc/>
    public override Tensor Features(Tensor points) => Joined(points, pointWidths, (factor, part) => factor.Features(part));

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Representatives(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] parts = points.split(pointWidths, -1);
        IEnumerable<Tensor[]> combinations = [[]];
        for (int i = 0; i < factors.Length; i++)
        {
            IReadOnlyList<Tensor> choices = factors[i].Representatives(parts[i]);
            combinations = combinations.SelectMany(chosen => choices.Select(choice => (Tensor[])[.. chosen, choice]));
        }
        return [.. combinations.Select(combination => torch.cat(combination, -1).MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    public override Tensor Sample(Posterior posterior, Generator generator) =>
        Joined(posterior, (factor, part) => factor.Sample(part, generator));

    /// <inheritdoc/>
    public override Tensor SampleExact(Posterior posterior, Generator generator) =>
        Joined(posterior, (factor, part) => factor.SampleExact(part, generator));

    /// <inheritdoc/>
    public override Tensor SamplePrior(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. factors.Select(factor => factor.SamplePrior(count, generator, dtype))], -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor SampleProposal(Posterior posterior, Generator generator) =>
        Joined(posterior, (factor, part) => factor.SampleProposal(part, generator));

    /// <inheritdoc/>
    /// <remarks>The sum over the factors.</remarks>
    public override Tensor LogProposalRatio(Posterior posterior, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        IEnumerable<Tensor> ratios = factors.Zip(Parts(posterior), points.split(pointWidths, -1))
            .Select(part => part.First.LogProposalRatio(part.Second, part.Third));
        return torch.cat([.. ratios], -1).sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override QuadratureRule? Quadrature(double spacing)
    {
        QuadratureRule?[] rules = [.. factors.Select(factor => factor.Quadrature(spacing))];
        return rules.Contains(null) ? null : QuadratureRule.Product([.. rules.OfType<QuadratureRule>()]);
    }

    /// <inheritdoc/>
    public override Tensor Divergence(Posterior posterior) => Joined(posterior, (factor, part) => factor.Divergence(part));

    private Tensor Joined(Tensor whole, long[] widths, Func<LatentSpace, Tensor, Tensor> each)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. factors.Zip(whole.split(widths, -1), each)], -1).MoveToOuterDisposeScope();
    }

    private Tensor Joined(Posterior posterior, Func<LatentSpace, Posterior, Tensor> each)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. factors.Zip(Parts(posterior), each)], -1).MoveToOuterDisposeScope();
    }

    private IEnumerable<Posterior> Parts(Posterior posterior) =>
        posterior.Mean.split(pointWidths, -1).Zip(posterior.LogTime.split(timeWidths, -1), (mean, logTime) => new Posterior(mean, logTime));
}
