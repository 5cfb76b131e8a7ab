namespace DiffusionVae.Models;

/// <summary>The terms of the evidence lower bound of a batch, means over the samples of each posterior.</summary>
/// <param name="LogLikelihood">log p(x|z), [batch], in nats.</param>
/// <param name="Divergence">KL of the posterior from the prior, [batch, factors], in nats.</param>
/// <param name="SquaredError">Squared distance of the image from its reconstruction, [batch], summed over pixels.</param>
/// <param name="Posterior">The posteriors.</param>
public readonly record struct ElboTerms(Tensor LogLikelihood, Tensor Divergence, Tensor SquaredError, LatentSpaces.Posterior Posterior);
