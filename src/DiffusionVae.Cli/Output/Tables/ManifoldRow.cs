using DiffusionVae.Manifolds;

namespace DiffusionVae.Cli.Output;

/// <summary>What <c>dvae manifolds</c> says of a manifold.</summary>
internal sealed record ManifoldRow(
    string Id, string Syntax, IReadOnlyList<string> ShortForms, string Summary, string Advice, int Dimension, int AmbientDimension,
    double? Volume, string Divergence)
{
    public static ManifoldRow Of(ManifoldFamily family, string id)
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        string[] shortForms = [.. family.ShortForms.Where(form => form.Value == id).Select(form => form.Key)];
        double? volume = manifold is IClosedManifold closed ? Math.Exp(closed.LogVolume) : null;
        return new ManifoldRow(
            id, family.Syntax, shortForms, family.Summary, family.Advice, manifold.Dimension, manifold.AmbientDimension, volume,
            DivergenceOf(manifold));
    }

    private static string DivergenceOf(IManifold manifold) => manifold switch
    {
        IVectorSpace => "closed form",
        IHeatKernelManifold { HasHeatKernel: true } => "exact",
        _ => "asymptotic",
    };
}
