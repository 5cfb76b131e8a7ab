using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The sampling layer: Brownian motion from a point for a time t, approximated by N steps z ← P(z + sqrt(t/N)
/// ε). The sample is reparametrised, that is, differentiable in the point and in log t (paper, section 3.6).
/// Usable without the rest of the library.
/// </summary>
/// <remarks>
/// On SO(3) the steps are taken on the unit quaternions, from the identity, and the starting point is
/// multiplied by the element where they end: fewer numbers, and an error of second order in 1/N.
/// Differentiable once. A second derivative lacks, without an error, what goes through it.
/// </remarks>
public sealed class RandomWalk : nn.Module<Tensor, Tensor, Tensor>
{
    private static readonly Scalar Half = 0.5;
    private readonly IManifold manifold;
    private readonly int steps;
    private readonly Generator generator;

    /// <summary>Creates the layer.</summary>
    /// <param name="manifold">The manifold to walk on.</param>
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
    /// <returns>The points where the walks end, [batch, n].</returns>
    public override Tensor forward(Tensor mean, Tensor logTime) => Sample(manifold, mean, logTime, steps, generator);

    /// <summary>
    /// Draws ε and walks. Groups and manifolds with a projection of their own in memory have a wrapper of the
    /// same walk.
    /// </summary>
    internal static Tensor Sample(IManifold manifold, Tensor mean, Tensor logTime, int steps, Generator generator)
    {
        if (manifold is ICoveredGroup group)
        {
            return CoveredWalk.Sample(group, mean, logTime, steps, generator);
        }
        using var scope = torch.NewDisposeScope();
        Tensor noise = torch.randn([steps, .. mean.shape], mean.dtype, mean.device, generator: generator); // [N, batch, n]
        Tensor end = manifold is IFusedProjection fused && FusedWalk.IsApplicable(mean, logTime)
            ? FusedWalk.Walk(fused, mean, logTime, noise)
            : Walk(manifold, mean, logTime, noise);
        return end.MoveToOuterDisposeScope();
    }

    private static Tensor Walk(IManifold manifold, Tensor mean, Tensor logTime, Tensor noise)
    {
        using Scalar logSteps = Math.Log(noise.size(0));
        Tensor stepLength = logTime.sub(logSteps).mul_(Half).exp_();
        Tensor point = mean;
        foreach (Tensor increment in (noise * stepLength).unbind(0))
        {
            point = manifold.Project(point + increment);
        }
        return point;
    }
}
