using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>Ever finer quadrature rules for the prior of a latent space.</summary>
internal static class QuadratureGrids
{
    private const long FirstNodes = 1000;

    /// <summary>How much larger than the last a rule has to be. Twice is meant, but the numbers of nodes along the coordinates are whole.</summary>
    private const double Growth = 1.6;

    /// <summary>Rules of about a thousand nodes, twice as many, and so on.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="maximum">The most nodes; at least <see cref="QuadratureOptions.FewestNodes"/>, which leaves two rules or more.</param>
    public static IEnumerable<QuadratureRule> Of(LatentSpace latent, long maximum)
    {
        if (latent.Dimension > QuadratureOptions.MostDimensions)
        {
            throw new ArgumentException(Invariant(
                $"Quadrature needs a grid over all of the latent space, which is out of reach above dimension {QuadratureOptions.MostDimensions}; ")
                + Invariant($"'{latent.Id}' has dimension {latent.Dimension}. Use importance sampling."));
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
                $"A component of '{latent.Id}' has no quadrature rule; implement {nameof(IQuadratureManifold)} or use importance sampling.");
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
