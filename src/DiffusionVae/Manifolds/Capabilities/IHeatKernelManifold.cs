namespace DiffusionVae.Manifolds;

/// <summary>
/// A closed manifold whose heat kernel, and with it the divergence of Brownian motion from the uniform
/// distribution, is known at every time.
/// </summary>
public interface IHeatKernelManifold : IClosedManifold
{
    /// <summary>False for the members of a family that the numerical kernel does not reach.</summary>
    bool HasHeatKernel => true;

    /// <summary>
    /// KL(q_t(p, ·) ‖ uniform) by interpolation in a table made on first use; differentiable in p and log t.
    /// </summary>
    /// <param name="points">The starting points, [..., n].</param>
    /// <param name="logTime">
    /// log t, [..., 1], from -13.8 to 6.9; values outside are taken for the nearest end.
    /// </param>
    /// <returns>[..., 1], in nats, never negative.</returns>
    Tensor Divergence(Tensor points, Tensor logTime);

    /// <summary>The divergence itself, without interpolation, averaged over starting points.</summary>
    /// <param name="time">t, in squared length, from 1e-6 to 1e3.</param>
    /// <returns>Nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive and finite.</exception>
    double MeanDivergence(double time);
}
