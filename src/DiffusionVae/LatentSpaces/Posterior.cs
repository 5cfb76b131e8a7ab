namespace DiffusionVae.LatentSpaces;

/// <summary>
/// The approximate posteriors q(z|x) of a batch: the points where Brownian motions start, and how long they
/// run.
/// </summary>
/// <remarks>Holds its tensors and does not own them.</remarks>
public sealed class Posterior
{
    /// <summary>The starting points (on R^k the means), [batch, n].</summary>
    public required Tensor Mean { get; init; }

    /// <summary>
    /// log t, [batch, <see cref="LatentSpace.TimeDimension"/>]: one for each manifold, k log variances for
    /// R^k.
    /// </summary>
    public required Tensor LogTime { get; init; }

    internal Posterior MoveToOuterDisposeScope()
    {
        Mean.MoveToOuterDisposeScope();
        LogTime.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>The batch several times, one after the other.</summary>
    internal Posterior Repeat(int times) => new() { Mean = Mean.repeat(times, 1), LogTime = LogTime.repeat(times, 1) };
}
