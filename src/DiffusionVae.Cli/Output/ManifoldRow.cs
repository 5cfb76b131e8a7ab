using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Output;

/// <summary>What <c>dvae manifolds</c> says of a manifold.</summary>
internal sealed record ManifoldRow(
    string Id, string Syntax, IReadOnlyList<string> ShortForms, string Summary, string Advice, int Dimension, int AmbientDimension, double? Volume, string Divergence)
{
    public static ManifoldRow Of(ManifoldFamily family, string id)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        string[] shortForms = [.. family.ShortForms.Where(form => form.Value == id).Select(form => form.Key)];
        double? volume = manifold is IClosedManifold closed ? Math.Exp(closed.LogVolume) : null;
        return new ManifoldRow(id, family.Syntax, shortForms, family.Summary, family.Advice, manifold.Dimension, manifold.AmbientDimension, volume, DivergenceOf(manifold));
    }

    /// <summary>The latent space itself is asked, so that this and training never disagree.</summary>
    private static string DivergenceOf(IManifold manifold)
    {
        if (manifold is EuclideanSpace)
        {
            return "closed form";
        }
        try
        {
            LatentSpace.On(manifold, new LatentOptions { Divergence = DivergenceMethod.Exact });
            return "exact";
        }
        catch (ArgumentException)
        {
            return "asymptotic";
        }
    }
}
