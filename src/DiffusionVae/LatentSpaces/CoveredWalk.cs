using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The walk of <see cref="RandomWalk"/> on a group that is covered by a simpler manifold: it walks there,
/// from the identity, and multiplies the starting point by the element where that walk ends.
/// </summary>
internal static class CoveredWalk
{
    /// <summary>Draws ε and walks.</summary>
    /// <param name="group">The group.</param>
    /// <param name="mean">The starting points, [..., n].</param>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <param name="steps">N, at least 1.</param>
    /// <param name="generator">The source of ε.</param>
    /// <returns>The points where the walks end, [..., n].</returns>
    public static Tensor Sample(ICoveredGroup group, Tensor mean, Tensor logTime, int steps, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar logRatio = Math.Log(group.TimeRatio);
        Tensor identity = torch.tensor(group.Identity.ToArray(), mean.dtype, mean.device);
        Tensor start = identity.expand([.. mean.shape[..^1], group.Identity.Length]);
        Tensor element = RandomWalk.Sample(group.Cover, start, logTime - logRatio, steps, generator);
        return group.Multiply(mean, element).MoveToOuterDisposeScope();
    }
}
