using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// A manifold with the uniform prior and Brownian motion as posterior: the latent space of the paper (section
/// 3.3).
/// </summary>
public sealed class DiffusionLatentSpace : LatentSpace
{
    private readonly ShortTimeDivergence? expansion;
    private readonly Unfolding? unfolding;
    private readonly Scalar centre;
    private readonly Scalar halfWidth;
    private readonly Scalar lowest;
    private readonly Scalar highest;

    /// <summary>Creates the latent space.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="options">
    /// The divergence, the range of log t, the projection of an encoder's output, and the steps of the walk.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The options are wrong. Or they ask for an exact divergence, or an unfolding, that the manifold does
    /// not have.
    /// </exception>
    public DiffusionLatentSpace(IManifold manifold, LatentOptions options)
        : base(manifold)
    {
        ArgumentNullException.ThrowIfNull(options);
        Guard.NoFaults(options.Faults());
        Manifold = manifold;
        Steps = options.Steps;
        unfolding = options.Projection == EncoderProjection.Closest ? null : (manifold as IUnfoldableManifold)?.Homeomorphism;
        if (options.Projection == EncoderProjection.Unfolded && unfolding is null)
        {
            throw new ArgumentException(
                $"Manifold '{manifold.Id}' cannot be encoded unfolded, as the ring torus can; use the closest point.");
        }
        DivergenceMethod = options.MethodOn(manifold);
        expansion = DivergenceMethod == DivergenceMethod.Exact ? null : new ShortTimeDivergence(manifold, DivergenceMethod);
        Bounds = options.Bounds ?? (expansion is null ? null : LogTimeBounds.Paper);
        LogTimeBounds range = Bounds ?? LogTimeBounds.Representable;
        expansion?.RequirePositive(range);
        (lowest, highest) = (range.Lower, range.Upper);
        (centre, halfWidth) = Bounds is null
            ? (options.InitialLogTime, 0)
            : ((range.Lower + range.Upper) / 2, (range.Upper - range.Lower) / 2);
        Prior = manifold is IClosedManifold closed ? LatentPrior.CreateUniform(closed) : null;
    }

    /// <summary>The manifold.</summary>
    public IManifold Manifold { get; }

    /// <summary>The number of steps of the walk.</summary>
    public int Steps { get; }

    /// <summary>How the divergence from the uniform distribution is computed.</summary>
    public DivergenceMethod DivergenceMethod { get; }

    /// <summary>How an encoder's coordinates become a point.</summary>
    public EncoderProjection Projection => unfolding is null ? EncoderProjection.Closest : EncoderProjection.Unfolded;

    /// <summary>The bounds that a tanh keeps, or null where log t is free.</summary>
    public LogTimeBounds? Bounds { get; }

    /// <summary>
    /// The bound at which a mean log t lies, or null. There the tanh is saturated and its gradient nearly
    /// zero: training no longer decides the time.
    /// </summary>
    /// <param name="meanLogTime">The mean of log t over images.</param>
    public double? BoundAt(double meanLogTime)
    {
        const double near = 0.02;
        return Bounds is not { } range ? null
            : meanLogTime > range.Upper - (near * (range.Upper - range.Lower)) ? range.Upper
            : meanLogTime < range.Lower + (near * (range.Upper - range.Lower)) ? range.Lower
            : null;
    }

    /// <inheritdoc/>
    public override string Id => Manifold.Id;

    /// <inheritdoc/>
    public override string Description =>
        $"{Id}: divergence {DivergenceMethod.ToString().ToLowerInvariant()}, log t "
        + (Bounds is { } bounds ? Invariant($"from {bounds.Lower} to {bounds.Upper}") : "free");

    /// <inheritdoc/>
    public override int MeanDimension => unfolding?.Unfolded.AmbientDimension ?? AmbientDimension;

    /// <inheritdoc/>
    public override bool HasAbsoluteDivergence => Manifold is IClosedManifold;

    /// <inheritdoc/>
    /// <remarks>Uniform; null where the manifold is known by its projection alone.</remarks>
    public override LatentPrior? Prior { get; }

    internal override IReadOnlyList<IManifold> EncodedManifolds => [unfolding?.Unfolded ?? Manifold];

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output)
    {
        if (unfolding is null)
        {
            return Project(output);
        }
        using var scope = torch.NewDisposeScope();
        return unfolding.Fold(FusedProjection.Project(unfolding.Unfolded, output)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Bounded: the middle of the interval plus half its width times tanh of the output. Free: the output
    /// plus its initial value, kept in the range of floating point. The gradient passes through that limit,
    /// so that a log t that has overshot comes back.
    /// </remarks>
    public override Tensor LogTime(Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        if (Bounds is not null)
        {
            return output.tanh().mul(halfWidth).add_(centre).MoveToOuterDisposeScope();
        }
        Tensor free = output.add(centre);
        Tensor excess = free.detach();
        return (free + (excess.clamp(lowest, highest) - excess)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>By the <see cref="RandomWalk"/>.</remarks>
    public override Tensor Sample(Posterior posterior, Generator generator) =>
        RandomWalk.Sample(Manifold, posterior.Mean, posterior.LogTime, Steps, generator);

    /// <inheritdoc/>
    /// <remarks>From the heat kernel where it can be drawn from, by the walk elsewhere.</remarks>
    public override Tensor SampleExact(Posterior posterior, Generator generator) => Manifold is IHeatKernelSampler sampler
        ? sampler.SampleHeatKernel(posterior.Mean, posterior.LogTime, generator)
        : Sample(posterior, generator);

    /// <inheritdoc/>
    /// <remarks>By the manifold's heat kernel if exact, else by <see cref="ShortTimeDivergence"/>.</remarks>
    public override Tensor Divergence(Posterior posterior) => expansion is null
        ? ((IHeatKernelManifold)Manifold).Divergence(posterior.Mean, posterior.LogTime)
        : expansion.Evaluate(posterior.Mean, posterior.LogTime);
}
