namespace DiffusionVae.LatentSpaces;

/// <summary>The approximate posterior q(z|x) of a batch: where the Brownian motions start, and how long they run.</summary>
/// <param name="Mean">The starting points (on R^k: the means), [batch, n].</param>
/// <param name="LogTime">log t, [batch, times]: one for each factor that is a manifold, k log variances for R^k.</param>
public readonly record struct Posterior(Tensor Mean, Tensor LogTime)
{
    /// <summary>The batch so many times over, one after the other.</summary>
    internal Posterior Repeat(int times) => new(Mean.repeat(times, 1), LogTime.repeat(times, 1));
}
