using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The sampling layer: Brownian motion from a point for a time, approximated by N steps z ← P(z + sqrt(t/N) ε) and so reparametrised, that is,
/// differentiable in the point and in log t (paper, section 3.6). Usable without the rest of the library.
/// </summary>
/// <remarks>On SO(3) the steps are taken on the unit quaternions, from the identity, and the start multiplied by where they end: fewer numbers, and an error of second order in 1/N.</remarks>
public sealed class RandomWalk : nn.Module<Tensor, Tensor, Tensor>
{
    private static readonly Scalar Half = 0.5;
    private readonly IManifold manifold;
    private readonly int steps;
    private readonly Generator generator;

    /// <summary>Creates the layer.</summary>
    /// <param name="manifold">Where to walk.</param>
    /// <param name="steps">N, at least 1.</param>
    /// <param name="generator">The source of ε, on the device of the tensors; not owned.</param>
    public RandomWalk(IManifold manifold, int steps, Generator generator)
        : base(nameof(RandomWalk))
    {
        ArgumentNullException.ThrowIfNull(manifold);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentNullException.ThrowIfNull(generator);
        (this.manifold, this.steps, this.generator) = (manifold, steps, generator);
    }

    /// <summary>Walks.</summary>
    /// <param name="mean">The starting points, [batch, n].</param>
    /// <param name="logTime">log t, [batch, 1].</param>
    /// <returns>Where the walks end, [batch, n].</returns>
    public override Tensor forward(Tensor mean, Tensor logTime) => Sample(manifold, mean, logTime, steps, generator);

    internal static Tensor Sample(IManifold manifold, Tensor mean, Tensor logTime, int steps, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        if (manifold is ICoveredGroup group)
        {
            using Scalar logRatio = Math.Log(group.TimeRatio);
            Tensor identity = torch.tensor(group.Identity.ToArray(), mean.dtype, mean.device).expand([.. mean.shape[..^1], group.Identity.Length]);
            return group.Multiply(mean, Sample(group.Cover, identity, logTime - logRatio, steps, generator)).MoveToOuterDisposeScope();
        }
        Tensor noise = torch.randn([steps, .. mean.shape], mean.dtype, mean.device, generator: generator);
        if (manifold is IFusedProjection rows && logTime.numel() * mean.size(-1) == mean.numel() && mean.numel() > 0)
        {
            return FusedWalk.Walk(rows, mean, logTime, noise).MoveToOuterDisposeScope();
        }
        using Scalar logSteps = Math.Log(steps);
        Tensor stepLength = logTime.sub(logSteps).mul_(Half).exp_();
        Tensor[] increments = (noise * stepLength).unbind(0);
        Tensor point = mean;
        foreach (Tensor increment in increments)
        {
            point = manifold.Project(point + increment);
        }
        return point.MoveToOuterDisposeScope();
    }
}
