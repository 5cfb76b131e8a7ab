using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// A product of latent spaces, its components. Each has its own time and its own divergence.
/// </summary>
/// <remarks>
/// Coordinates, times, features and divergences of the components stand side by side, in the order of the
/// components.
/// </remarks>
public sealed class ProductLatentSpace : LatentSpace
{
    private readonly LatentSpace[] components;
    private readonly long[] pointWidths;
    private readonly long[] meanWidths;
    private readonly long[] timeWidths;

    /// <summary>Creates the product.</summary>
    /// <param name="components">Two or more. A product among them is replaced by its own components.</param>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public ProductLatentSpace(IReadOnlyList<LatentSpace> components)
        : base([.. Flat(components).SelectMany(component => component.Manifolds)])
    {
        this.components = Flat(components);
        if (this.components.Length < 2)
        {
            throw new ArgumentException(
                Invariant($"A product needs at least two components; there are {this.components.Length}."), nameof(components));
        }
        pointWidths = [.. this.components.Select(component => (long)component.AmbientDimension)];
        meanWidths = [.. this.components.Select(component => (long)component.MeanDimension)];
        timeWidths = [.. this.components.Select(component => (long)component.TimeDimension)];
        MeanDimension = (int)meanWidths.Sum();
        TimeDimension = (int)timeWidths.Sum();
        Prior = ProductPrior.Create(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LatentSpace> Components => components;

    /// <inheritdoc/>
    public override string Id => string.Join('*', components.Select(component => component.Id));

    /// <inheritdoc/>
    public override string Description => string.Join("; ", components.Select(component => component.Description));

    /// <inheritdoc/>
    public override int MeanDimension { get; }

    /// <inheritdoc/>
    public override int TimeDimension { get; }

    /// <inheritdoc/>
    public override bool HasAbsoluteDivergence => components.All(component => component.HasAbsoluteDivergence);

    /// <inheritdoc/>
    /// <remarks>The product of the components' priors; null where one of them is not known.</remarks>
    public override LatentPrior? Prior { get; }

    /// <inheritdoc/>
    internal override IReadOnlyList<IManifold>? EncodedManifolds =>
        components.All(component => component.EncodedManifolds is not null)
            ? [.. components.SelectMany(component => component.EncodedManifolds!)]
            : null;

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => Joined(output, meanWidths, (component, part) => component.Mean(part));

    /// <inheritdoc/>
    public override Tensor LogTime(Tensor output) => Joined(output, timeWidths, (component, part) => component.LogTime(part));

    /// <inheritdoc/>
    public override Tensor Sample(Posterior posterior, Generator generator) =>
        Joined(posterior, (component, part) => component.Sample(part, generator));

    /// <inheritdoc/>
    public override Tensor SampleExact(Posterior posterior, Generator generator) =>
        Joined(posterior, (component, part) => component.SampleExact(part, generator));

    /// <inheritdoc/>
    public override Tensor Divergence(Posterior posterior) => Joined(posterior, (component, part) => component.Divergence(part));

    /// <summary>Points [..., n], split into those of the components.</summary>
    internal Tensor[] Split(Tensor points) => points.split(pointWidths, -1);

    /// <summary>Posteriors, split into those of the components.</summary>
    internal IEnumerable<Posterior> Split(Posterior posterior) =>
        Split(posterior.Mean).Zip(
            posterior.LogTime.split(timeWidths, -1),
            (mean, logTime) => new Posterior { Mean = mean, LogTime = logTime });

    private static LatentSpace[] Flat(IReadOnlyList<LatentSpace> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return [.. components.SelectMany(component => component.Components)];
    }

    private Tensor Joined(Tensor whole, long[] widths, Func<LatentSpace, Tensor, Tensor> each)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. components.Zip(whole.split(widths, -1), each)], -1).MoveToOuterDisposeScope();
    }

    private Tensor Joined(Posterior posterior, Func<LatentSpace, Posterior, Tensor> each)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. components.Zip(Split(posterior), each)], -1).MoveToOuterDisposeScope();
    }
}
