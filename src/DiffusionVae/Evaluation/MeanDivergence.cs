using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The divergence of Brownian motion from the prior as a number, in double precision: for tables and plots.
/// </summary>
/// <remarks>
/// Where it depends on the starting point, the mean over the manifold; for a product the sum over its
/// factors; on R^k that of N(0, t I) from N(0, I).
/// </remarks>
internal sealed class MeanDivergence
{
    /// <summary>Uniform points for the mean over a manifold that has no quadrature rule.</summary>
    private const int Draws = 1 << 14;

    private readonly (Func<double, double> At, Func<double, bool> HoldsAt)[] factors;

    private MeanDivergence((Func<double, double> At, Func<double, bool> HoldsAt)[] factors) => this.factors = factors;

    /// <summary>The divergence of an id.</summary>
    /// <param name="id">A manifold, or several joined by <c>*</c>, as for
    /// <see cref="LatentSpace.Parse"/>.</param>
    /// <param name="method">How to compute it; by default exact where there is an exact one, and asymptotic
    /// elsewhere. Not used on R^k.</param>
    /// <exception cref="FormatException">No such manifold.</exception>
    /// <exception cref="ArgumentException">There is no divergence of this kind on a factor.</exception>
    public static MeanDivergence Parse(string id, DivergenceMethod? method = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new MeanDivergence([.. id.Split('*').Select(factor => On(ManifoldCatalogue.Parse(factor.Trim()), method))]);
    }

    /// <summary>The divergence in nats.</summary>
    /// <param name="logTime">log t. The expansion is taken as it is at any time, also where it is no
    /// divergence any more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The exact divergence is not known at this
    /// time.</exception>
    public double At(double logTime) => factors.Sum(factor => factor.At(logTime));

    /// <summary>Whether the number is a divergence: always, except for an expansion at a time that is too
    /// long.</summary>
    /// <param name="logTime">log t.</param>
    public bool HoldsAt(double logTime) => factors.All(factor => factor.HoldsAt(logTime));

    private static (Func<double, double> At, Func<double, bool> HoldsAt) On(IManifold manifold, DivergenceMethod? method)
    {
        if (manifold is IVectorSpace)
        {
            return (logTime => manifold.Dimension * (Math.Exp(logTime) - 1 - logTime) / 2, _ => true);
        }
        DivergenceMethod chosen = new LatentOptions { Divergence = method }.MethodOn(manifold);
        if (chosen == DivergenceMethod.Exact)
        {
            return (logTime => Exact((IHeatKernelManifold)manifold, logTime), _ => true);
        }
        var expansion = new ShortTimeDivergence(manifold, chosen);
        return (logTime => Mean(manifold, expansion, logTime), expansion.HoldsAt);
    }

    private static double Exact(IHeatKernelManifold manifold, double logTime)
    {
        LogTimeBounds range = LogTimeBounds.Representable;
        return logTime >= range.Lower && logTime <= range.Upper
            ? manifold.MeanDivergence(Math.Exp(logTime))
            : throw new ArgumentOutOfRangeException(
                nameof(logTime),
                Invariant($"log t is {logTime}; the exact divergence on '{manifold.Id}' is known from {range.Lower} to {range.Upper}."));
    }

    private static double Mean(IManifold manifold, ShortTimeDivergence divergence, double logTime)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        (Tensor points, Tensor weights) = Rule(manifold);
        Tensor times = torch.full([points.shape[0], 1], logTime, ScalarType.Float64);
        return (divergence.Evaluate(points, times) * weights).sum().item<double>();
    }

    /// <summary>Points, [count, n], and weights, [count, 1], of a mean over the manifold.</summary>
    private static (Tensor Points, Tensor Weights) Rule(IManifold manifold)
    {
        if (manifold is IQuadratureManifold ruled)
        {
            QuadratureRule rule = ruled.InvariantQuadrature();
            (Tensor points, Tensor weights) = rule.Nodes(0, checked((int)rule.Count));
            return (points, weights.unsqueeze(-1));
        }
        if (manifold is IClosedManifold closed)
        {
            using var generator = new Generator(0, CPU);
            return (closed.SampleUniform(Draws, generator, ScalarType.Float64), torch.full([Draws, 1], 1.0 / Draws, ScalarType.Float64));
        }
        // Where the curvature is not known, the expansion is the same at every point.
        return (manifold.Project(torch.eye(1, manifold.AmbientDimension, ScalarType.Float64)), torch.ones([1, 1], ScalarType.Float64));
    }
}
