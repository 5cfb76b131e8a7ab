namespace DiffusionVae.Manifolds;

/// <summary>A manifold on which Brownian motion can be sampled exactly, in one step.</summary>
public interface IHeatKernelSampler : IManifold
{
    /// <summary>Draws from the heat kernel; not differentiable.</summary>
    /// <param name="points">The starting points, [batch, n].</param>
    /// <param name="logTime">log t, [batch, 1].</param>
    /// <param name="generator">The source of the draws, on the device of the points.</param>
    /// <returns>[batch, n].</returns>
    Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator);
}
