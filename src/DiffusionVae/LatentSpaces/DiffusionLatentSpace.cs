using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>A manifold with the uniform prior and Brownian motion as posterior: the latent space of the paper (section 3.3).</summary>
public sealed class DiffusionLatentSpace : LatentSpace
{
    private readonly Unfolding? unfolding;
    private readonly Scalar centre;
    private readonly Scalar halfWidth;
    private readonly Scalar lowest;
    private readonly Scalar highest;

    /// <summary>Creates the latent space.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="options">The divergence, the range of log t, the projection of an encoder's output, and the steps of the walk.</param>
    /// <exception cref="ArgumentException">The options are wrong, or the manifold has no exact divergence, or cannot be unfolded, and this is asked for.</exception>
    public DiffusionLatentSpace(IManifold manifold, LatentOptions options)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        ArgumentNullException.ThrowIfNull(options);
        Validation.ThrowIfAny(options.Faults());
        Manifold = manifold;
        Steps = options.Steps;
        unfolding = options.Projection == EncoderProjection.Closest ? null : (manifold as IUnfoldableManifold)?.Homeomorphism;
        if (options.Projection == EncoderProjection.Unfolded && unfolding is null)
        {
            throw new ArgumentException($"Manifold '{manifold.Id}' cannot be encoded unfolded, as the ring torus can; use the closest point.");
        }
        DivergenceTerm = Divergences.Create(manifold, options.Divergence);
        Bounds = options.Bounds ?? (DivergenceTerm.Method == DivergenceMethod.Exact ? null : LogTimeBounds.Paper);
        Divergences.RequirePositive(manifold, DivergenceTerm.Method, Bounds);
        LogTimeBounds range = Bounds ?? LogTimeBounds.Representable;
        (lowest, highest) = (range.Lower, range.Upper);
        (centre, halfWidth) = Bounds is null ? (options.InitialLogTime, 0) : ((range.Lower + range.Upper) / 2, (range.Upper - range.Lower) / 2);
    }

    /// <summary>The manifold.</summary>
    public IManifold Manifold { get; }

    /// <summary>The number of steps of the walk.</summary>
    public int Steps { get; }

    /// <summary>The divergence from the uniform distribution.</summary>
    public IDivergence DivergenceTerm { get; }

    /// <summary>How an encoder's coordinates become a point.</summary>
    public EncoderProjection Projection => unfolding is null ? EncoderProjection.Closest : EncoderProjection.Unfolded;

    /// <summary>The bounds that a tanh keeps, or null where log t is free.</summary>
    public LogTimeBounds? Bounds { get; }

    /// <summary>
    /// The bound at which a mean log t sits, or null. There the tanh is saturated and its gradient nearly zero: training no longer decides the time.
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
    public override IReadOnlyList<IManifold> Manifolds => [Manifold];

    /// <inheritdoc/>
    public override int Dimension => Manifold.Dimension;

    /// <inheritdoc/>
    public override int AmbientDimension => Manifold.AmbientDimension;

    /// <inheritdoc/>
    public override int TimeDimension => 1;

    /// <inheritdoc/>
    public override int FeatureDimension => Manifold.FeatureDimension;

    /// <inheritdoc/>
    public override bool HasAbsoluteDivergence => Manifold is IClosedManifold;

    /// <inheritdoc/>
    public override string Description =>
        $"{Id}: divergence {DivergenceTerm.Method.ToString().ToLowerInvariant()}, log t "
        + (Bounds is { } bounds ? Invariant($"from {bounds.Lower} to {bounds.Upper}") : "free");

    /// <inheritdoc/>
    public override Tensor Project(Tensor x) => FusedProjection.Project(Manifold, x);

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

    internal override IReadOnlyList<IManifold> EncodedManifolds => [unfolding?.Unfolded ?? Manifold];

    /// <inheritdoc/>
    /// <remarks>
    /// Bounded: the middle of the interval plus half its width times tanh of the output. Free: the output plus its initial value, kept in the range of floating point; the gradient
    /// passes through that limit, so that a log t that has overshot comes back.
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
    public override Tensor Features(Tensor points) => Manifold.Features(points);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Representatives(Tensor points) =>
        Manifold is IAntipodalManifold antipodal ? [points.alias(), antipodal.Antipode(points)] : [points.alias()];

    /// <inheritdoc/>
    public override Tensor Sample(Posterior posterior, Generator generator) =>
        RandomWalk.Sample(Manifold, posterior.Mean, posterior.LogTime, Steps, generator);

    /// <inheritdoc/>
    /// <remarks>From the heat kernel where it can be drawn from, by the walk elsewhere.</remarks>
    public override Tensor SampleExact(Posterior posterior, Generator generator) => Manifold is IHeatKernelSampler sampler
        ? sampler.SampleHeatKernel(posterior.Mean, posterior.LogTime, generator)
        : Sample(posterior, generator);

    /// <inheritdoc/>
    public override Tensor SamplePrior(long count, Generator generator, ScalarType dtype = ScalarType.Float32) =>
        Manifold is IClosedManifold closed
            ? closed.SampleUniform(count, generator, dtype)
            : throw UnknownPrior();

    /// <inheritdoc/>
    public override Tensor SampleProposal(Posterior posterior, Generator generator)
    {
        if (Manifold is IProposalManifold proposal)
        {
            return proposal.SampleProposal(posterior.Mean, posterior.LogTime, generator);
        }
        using var scope = torch.NewDisposeScope();
        Tensor mean = posterior.Mean;
        return SamplePrior(mean.numel() / AmbientDimension, generator, mean.dtype).reshape(mean.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor LogProposalRatio(Posterior posterior, Tensor points) => Manifold switch
    {
        IProposalManifold proposal => proposal.LogProposalRatio(posterior.Mean, posterior.LogTime, points),
        IClosedManifold => torch.zeros([.. points.shape[..^1], 1], ScalarType.Float64, points.device),
        _ => throw UnknownPrior(),
    };

    /// <inheritdoc/>
    public override QuadratureRule? Quadrature(double spacing) => (Manifold as IQuadratureManifold)?.Quadrature(spacing);

    /// <inheritdoc/>
    public override Tensor Divergence(Posterior posterior) => DivergenceTerm.Evaluate(posterior.Mean, posterior.LogTime);

    private NotSupportedException UnknownPrior() =>
        new($"Manifold '{Id}' is known by its projection alone, so its uniform distribution cannot be drawn from; implement IClosedManifold.");
}
