using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>Which divergences a manifold has, and in which range of log t each may be used.</summary>
internal static class Divergences
{
    /// <summary>The divergence asked for, or the best there is.</summary>
    public static IDivergence Create(IManifold manifold, DivergenceMethod? method)
    {
        method ??= DivergenceMethod.Asymptotic;
        return method == DivergenceMethod.Exact
            ? throw new ArgumentException($"No exact heat kernel is known for manifold '{manifold.Id}'; use the asymptotic divergence.")
            : new ShortTimeDivergence(manifold, method.Value);
    }

    /// <summary>Refuses a range of log t in which the expansion is not a divergence, since it falls below zero there.</summary>
    public static void RequirePositive(IManifold manifold, DivergenceMethod method, LogTimeBounds? bounds)
    {
        if (method == DivergenceMethod.Exact || manifold is not IClosedManifold closed || bounds is not { } range)
        {
            return;
        }
        double d = manifold.Dimension;
        double flat = closed.LogVolume - (d / 2 * (Math.Log(2 * Math.PI) + range.Upper)) - (d / 2);
        if (flat < 0.5)
        {
            throw new ArgumentException(Invariant(
                $"Up to log t = {range.Upper} the short-time expansion is not a divergence on '{manifold.Id}': without curvature it is {flat:0.###} nats there. Lower the bound or use the exact divergence."));
        }
    }
}
