using DiffusionVae.HeatKernels;
using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>Which divergences a manifold has, and in which range of log t each may be used.</summary>
internal static class Divergences
{
    /// <summary>Below this many nats the expansion's own error is no longer small beside it.</summary>
    private const double LeastTrusted = 0.5;

    private const int CurvatureSamples = 4096;

    /// <summary>The method asked for, or the best there is.</summary>
    /// <exception cref="ArgumentException">There is none of this kind on the manifold.</exception>
    public static DivergenceMethod Choose(IManifold manifold, DivergenceMethod? method)
    {
        bool isKnown = manifold is IHeatKernelManifold { HasHeatKernel: true };
        return method == DivergenceMethod.Exact && !isKnown
            ? throw new ArgumentException($"No exact heat kernel is known for manifold '{manifold.Id}'; use the asymptotic divergence.")
            : method ?? (isKnown ? DivergenceMethod.Exact : DivergenceMethod.Asymptotic);
    }

    /// <summary>The divergence asked for, or the best there is.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Choose"/>.</exception>
    public static IDivergence Create(IManifold manifold, DivergenceMethod? method) => Choose(manifold, method) switch
    {
        DivergenceMethod.Exact => new ExactDivergence((IHeatKernelManifold)manifold),
        DivergenceMethod expansion => new ShortTimeDivergence(manifold, expansion),
    };

    /// <summary>Refuses a range of log t in which the expansion is not a divergence, since it falls below zero there.</summary>
    public static void RequirePositive(IManifold manifold, DivergenceMethod method, LogTimeBounds? bounds)
    {
        if (method == DivergenceMethod.Exact || manifold is not IClosedManifold closed || bounds is not { } range)
        {
            return;
        }
        // Positive curvature only raises the expansion; where it is negative it lowers it most.
        double curvature = Math.Min(0, LeastCurvature(closed));
        double least = ShortTimeExpansion.Divergence(manifold.Dimension, closed.LogVolume, curvature, Math.Exp(range.Upper));
        if (least < LeastTrusted)
        {
            throw new ArgumentException(Invariant(
                $"Up to log t = {range.Upper} the short-time expansion is not a divergence on '{manifold.Id}': it may be as low as {least:0.###} nats there. Lower the bound or use the exact divergence."));
        }
    }

    private static double LeastCurvature(IClosedManifold manifold)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        return manifold.ScalarCurvature(manifold.SampleUniform(CurvatureSamples, generator, ScalarType.Float64)).min().item<double>();
    }
}
