using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Models;

/// <summary>
/// The terms of the evidence lower bound of a batch, each the mean over the samples of a posterior.
/// </summary>
/// <remarks>
/// The bound on log p(x) of an image is its log-likelihood minus the sum of its divergences. Holds its
/// tensors and does not own them.
/// </remarks>
public sealed class ElboTerms
{
    /// <summary>log p(x|z), [batch], in nats.</summary>
    public required Tensor LogLikelihood { get; init; }

    /// <summary>KL of the posterior from the prior, [batch, components], in nats.</summary>
    public required Tensor Divergence { get; init; }

    /// <summary>
    /// The squared distance of the image from its reconstruction, [batch], summed over pixels.
    /// </summary>
    public required Tensor SquaredError { get; init; }

    /// <summary>The posteriors.</summary>
    public required Posterior Posterior { get; init; }

    internal ElboTerms MoveToOuterDisposeScope()
    {
        LogLikelihood.MoveToOuterDisposeScope();
        Divergence.MoveToOuterDisposeScope();
        SquaredError.MoveToOuterDisposeScope();
        Posterior.MoveToOuterDisposeScope();
        return this;
    }
}
