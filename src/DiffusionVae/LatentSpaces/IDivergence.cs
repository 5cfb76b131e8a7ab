namespace DiffusionVae.LatentSpaces;

/// <summary>KL(q_t(p, ·) ‖ uniform), the divergence of Brownian motion started at p from the prior, as a function of tensors.</summary>
public interface IDivergence
{
    /// <summary>The method by which it is computed.</summary>
    DivergenceMethod Method { get; }

    /// <summary>The divergence, differentiable in both arguments.</summary>
    /// <param name="points">The starting points, [..., n].</param>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <returns>[..., 1], in nats.</returns>
    Tensor Evaluate(Tensor points, Tensor logTime);
}
