using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Finds the number that is not finite, once it is known that there is one.</summary>
internal static class NotFinite
{
    /// <summary>The first value of a tensor that is not finite, or null.</summary>
    public static double? In(Tensor tensor)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Tensor found = tensor.detach().flatten().masked_select(tensor.detach().flatten().isfinite().logical_not_());
        return found.numel() == 0 ? null : found[0].ToDouble();
    }

    /// <summary>The first quantity on the way from the images to the ELBO that is not finite.</summary>
    public static (string What, double Value) Among(ElboTerms terms, double elbo)
    {
        using var scope = torch.NewDisposeScope();
        IEnumerable<(string What, Tensor Tensor)> quantities =
        [
            ("point of the posterior", terms.Posterior.Mean),
            ("log t of the posterior", terms.Posterior.LogTime),
            .. terms.Divergence.unbind(-1).Select((divergence, i) => (Invariant($"divergence of component {i + 1}"), divergence)),
            ("log-likelihood", terms.LogLikelihood),
        ];
        foreach ((string what, Tensor tensor) in quantities)
        {
            if (In(tensor) is { } value)
            {
                return (what, value);
            }
        }
        return ("ELBO", elbo);
    }
}
