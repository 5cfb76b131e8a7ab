using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>The divergence of Brownian motion from the prior as a number, in double precision: for tables and plots.</summary>
/// <remarks>
/// Where it depends on the starting point, the mean over the manifold; for a product the sum over its factors; on R^k that of N(0, t I) from N(0, I).
/// </remarks>
public sealed class MeanDivergence
{
    /// <summary>Points about the tube of a ring torus: the trapezoidal rule on a smooth periodic function, exact to rounding long before.</summary>
    private const int TubePoints = 512;

    private const int NodesAcross = 30;
    private readonly Func<double, double>[] factors;

    private MeanDivergence(Func<double, double>[] factors) => this.factors = factors;

    /// <summary>The divergence of an id.</summary>
    /// <param name="id">A manifold, or several joined by <c>*</c>, as for <see cref="LatentSpace.Parse"/>.</param>
    /// <param name="method">How to compute it; by default exact where there is an exact one, and asymptotic elsewhere. Not used on R^k.</param>
    /// <exception cref="FormatException">No such manifold.</exception>
    /// <exception cref="ArgumentException">There is no divergence of this kind on a factor.</exception>
    public static MeanDivergence Parse(string id, DivergenceMethod? method = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new MeanDivergence([.. id.Split('*').Select(factor => On(ManifoldCatalogue.Parse(factor.Trim()), method))]);
    }

    /// <summary>The divergence in nats.</summary>
    /// <param name="logTime">log t. The expansion is taken as it is at any time, also where it is no divergence any more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The exact divergence is not known at this time.</exception>
    public double At(double logTime) => factors.Sum(factor => factor(logTime));

    private static Func<double, double> On(IManifold manifold, DivergenceMethod? method) =>
        manifold is EuclideanSpace ? logTime => manifold.Dimension * (Math.Exp(logTime) - 1 - logTime) / 2
        : new LatentOptions { Divergence = method }.MethodOn(manifold) switch
        {
            DivergenceMethod.Exact => logTime => Exact((IHeatKernelManifold)manifold, logTime),
            DivergenceMethod expansion => logTime => Mean(manifold, new ShortTimeDivergence(manifold, expansion), logTime),
        };

    private static double Exact(IHeatKernelManifold manifold, double logTime)
    {
        LogTimeBounds range = LogTimeBounds.Representable;
        return logTime >= range.Lower && logTime <= range.Upper
            ? manifold.MeanDivergence(Math.Exp(logTime))
            : throw new ArgumentOutOfRangeException(
                nameof(logTime), Invariant($"log t is {logTime}; the exact divergence on '{manifold.Id}' is known from {range.Lower} to {range.Upper}."));
    }

    private static double Mean(IManifold manifold, ShortTimeDivergence divergence, double logTime)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        (Tensor points, Tensor weights) = Rule(manifold);
        Tensor times = torch.full([points.shape[0], 1], logTime, ScalarType.Float64);
        return (divergence.Evaluate(points, times) * weights).sum().item<double>();
    }

    /// <summary>Points and weights of a mean over the manifold: one point where all are alike, as on the manifolds with a heat kernel but the ring torus.</summary>
    private static (Tensor Points, Tensor Weights) Rule(IManifold manifold)
    {
        if (manifold is EmbeddedTorus torus)
        {
            Tensor u = torch.arange(TubePoints, dtype: ScalarType.Float64).unsqueeze(-1) * (2 * Math.PI / TubePoints);
            Tensor shares = (1 + (u.cos() * (torus.TubeRadius / torus.CoreRadius))) / TubePoints;
            return (torus.FromAngles(torch.cat([u, torch.zeros_like(u)], -1)), shares);
        }
        if (manifold is IQuadratureManifold uneven and not IHeatKernelManifold)
        {
            QuadratureRule rule = uneven.Quadrature(Math.Exp(uneven.LogVolume / uneven.Dimension) / NodesAcross);
            (Tensor points, Tensor weights) = rule.Nodes(0, checked((int)rule.Count));
            return (points, weights.unsqueeze(-1));
        }
        return (manifold.Project(torch.eye(1, manifold.AmbientDimension, ScalarType.Float64)), torch.ones([1, 1], ScalarType.Float64));
    }
}
