using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>A sequence of finer and finer quadrature rules for the prior of a latent space.</summary>
internal static class QuadratureGrids
{
    private const long FirstNodes = 1000;

    /// <summary>
    /// The smallest ratio of the sizes of two rules. It is below 2, because the numbers of nodes along the
    /// coordinates are integers.
    /// </summary>
    private const double Growth = 1.6;

    /// <summary>Creates rules of about a thousand nodes, twice as many, and so on.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="maximum">The largest number of nodes, at least
    /// <see cref="QuadratureOptions.FewestNodes"/>, so that there are two rules or more.</param>
    public static IEnumerable<QuadratureRule> Create(LatentSpace latent, long maximum)
    {
        if (latent.Dimension > QuadratureOptions.MostDimensions)
        {
            const string reason = "Quadrature needs a grid over all of the latent space, which is out of reach above dimension";
            throw new ArgumentException(Invariant(
                $"{reason} {QuadratureOptions.MostDimensions}; '{latent.Id}' has dimension {latent.Dimension}. Use importance sampling."));
        }
        return Refined(latent, maximum);
    }

    private static IEnumerable<QuadratureRule> Refined(LatentSpace latent, long maximum)
    {
        double shrink = Math.Pow(2, -1.0 / latent.Dimension);
        double fewest = FirstNodes;
        for (double spacing = 1 << 20; spacing > double.Epsilon; spacing *= shrink)
        {
            QuadratureRule rule = latent.RequirePrior().Quadrature(spacing) ?? throw new NotSupportedException(
                $"A component of '{latent.Id}' has no quadrature rule; "
                + $"implement {nameof(IQuadratureManifold)} or use importance sampling.");
            if (rule.Count > maximum)
            {
                yield break;
            }
            if (rule.Count >= fewest)
            {
                yield return rule;
                fewest = Growth * rule.Count;
            }
        }
    }
}
