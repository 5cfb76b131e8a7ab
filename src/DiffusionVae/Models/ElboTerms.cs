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

    /// <summary>The terms of several batches, one after the other.</summary>
    internal static ElboTerms Join(IReadOnlyList<ElboTerms> batches)
    {
        Tensor Joined(Func<ElboTerms, Tensor> part) => batches is [ElboTerms only] ? part(only) : torch.cat([.. batches.Select(part)], 0);
        return new()
        {
            LogLikelihood = Joined(batch => batch.LogLikelihood),
            Divergence = Joined(batch => batch.Divergence),
            SquaredError = Joined(batch => batch.SquaredError),
            Posterior = new Posterior { Mean = Joined(batch => batch.Posterior.Mean), LogTime = Joined(batch => batch.Posterior.LogTime) },
        };
    }

    /// <summary>
    /// The same numbers without a graph, in tensors that belong to no dispose scope: for another thread.
    /// </summary>
    internal ElboTerms Detached() => With(tensor => tensor.detach().DetachFromDisposeScope());

    /// <summary>The same tensors, from now on of a dispose scope of this thread.</summary>
    internal ElboTerms AttachedTo(DisposeScope scope) => With(tensor =>
    {
        scope.Attach(tensor);
        return tensor;
    });

    private ElboTerms With(Func<Tensor, Tensor> change) => new()
    {
        LogLikelihood = change(LogLikelihood),
        Divergence = change(Divergence),
        SquaredError = change(SquaredError),
        Posterior = new Posterior { Mean = change(Posterior.Mean), LogTime = change(Posterior.LogTime) },
    };

    internal ElboTerms MoveToOuterDisposeScope()
    {
        LogLikelihood.MoveToOuterDisposeScope();
        Divergence.MoveToOuterDisposeScope();
        SquaredError.MoveToOuterDisposeScope();
        Posterior.MoveToOuterDisposeScope();
        return this;
    }
}
