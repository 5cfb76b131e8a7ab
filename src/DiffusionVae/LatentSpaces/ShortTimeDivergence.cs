using DiffusionVae.HeatKernels;
using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>
/// KL(q ‖ uniform) of Brownian motion by its expansion for short times, -(d/2) log(2πt) - d/2 + log Vol(M) +
/// a Sc t: the same formula on every closed manifold (paper, section 3.7).
/// </summary>
/// <remarks>
/// <para>It is the divergence only when all of the following are true:</para>
/// <list type="number">
/// <item><description>
/// t is small against the squared radius of curvature and the squared injectivity radius.
/// </description></item>
/// <item><description>
/// a is 1/4, or d is 2: with the paper's a = (d+4)/24 the term in t is wrong in other dimensions.
/// </description></item>
/// <item><description>
/// The manifold is an <see cref="IClosedManifold"/>. Otherwise log Vol(M) + a Sc t is left out.
/// </description></item>
/// </list>
/// <para>
/// At larger t the expansion falls below zero, which no divergence does. <see cref="DiffusionLatentSpace"/>
/// refuses such bounds.
/// </para>
/// </remarks>
internal sealed class ShortTimeDivergence
{
    /// <summary>Below this many nats the expansion's own error is no longer small beside it.</summary>
    private const double LeastTrusted = 0.5;

    /// <summary>The expansion holds while its next term is at most this share of it.</summary>
    private const double LargestNextTerm = 0.1;

    private const int CurvatureSamples = 4096;

    private readonly Lazy<(double Least, double Greatest)> curvature;
    private readonly IManifold manifold;
    private readonly IClosedManifold? closed;
    private readonly Scalar constant;
    private readonly Scalar slope;
    private readonly Scalar curvatureCoefficient;

    /// <summary>Creates the expansion on a manifold.</summary>
    /// <param name="manifold">
    /// The manifold. Its volume and curvature are used if it is an <see cref="IClosedManifold"/>.
    /// </param>
    /// <param name="method">
    /// <see cref="DivergenceMethod.Asymptotic"/> (a = 1/4) or <see cref="DivergenceMethod.Paper"/> (a =
    /// (d+4)/24).
    /// </param>
    /// <exception cref="ArgumentException">The method is another.</exception>
    public ShortTimeDivergence(IManifold manifold, DivergenceMethod method)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        this.manifold = manifold;
        closed = manifold as IClosedManifold;
        curvature = new(() => closed is null ? (0, 0) : CurvatureRange(closed));
        curvatureCoefficient = method switch
        {
            DivergenceMethod.Asymptotic => ShortTimeExpansion.CurvatureCoefficient,
            DivergenceMethod.Paper => ShortTimeExpansion.PaperCurvatureCoefficient(manifold.Dimension),
            _ => throw new ArgumentException($"The expansion is Asymptotic or Paper, not {method}.", nameof(method)),
        };
        // In log t the flat part is a straight line; at t = 1 it is the constant.
        constant = ShortTimeExpansion.Divergence(manifold.Dimension, closed?.LogVolume ?? 0, scalarCurvature: 0, time: 1);
        slope = -manifold.Dimension / 2.0;
    }

    /// <summary>The expansion, differentiable in both arguments.</summary>
    /// <param name="points">The starting points, [..., n].</param>
    /// <param name="logTime">log t, [..., 1].</param>
    /// <returns>[..., 1], in nats.</returns>
    public Tensor Evaluate(Tensor points, Tensor logTime)
    {
        using var scope = torch.NewDisposeScope();
        Tensor flat = logTime.mul(slope).add_(constant);
        Tensor value = closed is null ? flat : flat + (closed.ScalarCurvature(points) * logTime.exp() * curvatureCoefficient);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Refuses a range of log t in which the expansion is too small to be a divergence.</summary>
    /// <exception cref="ArgumentException">It may be below 0.5 nats at the upper bound.</exception>
    internal void RequirePositive(LogTimeBounds range)
    {
        if (closed is null)
        {
            return;
        }
        // Positive curvature only raises the expansion; where it is negative it lowers it most.
        double least = ShortTimeExpansion.Divergence(
            manifold.Dimension, closed.LogVolume, Math.Min(0, curvature.Value.Least), Math.Exp(range.Upper));
        if (least < LeastTrusted)
        {
            throw new ArgumentException(
                Invariant($"Up to log t = {range.Upper} the short-time expansion is not a divergence on '{manifold.Id}': ")
                + Invariant($"it may be as low as {least:0.###} nats there. Lower the bound or use the exact divergence."));
        }
        // -(d/2) log t + Sc t/4 rises from here on, and a divergence falls for ever.
        double turn = Math.Log(2 * manifold.Dimension / curvature.Value.Greatest);
        if (curvature.Value.Greatest > 0 && range.Upper > turn)
        {
            throw new ArgumentException(
                Invariant($"Up to log t = {range.Upper} the short-time expansion is not a divergence on '{manifold.Id}': ")
                + Invariant($"from log t = {turn:0.##} on it rises. Lower the bound."));
        }
    }

    /// <summary>
    /// Whether the expansion holds at a time: at every point it is well above zero, still falls, and its next
    /// term is small beside it. Where volume and curvature are not known, nothing can be said, and it is
    /// true.
    /// </summary>
    internal bool HoldsAt(double logTime)
    {
        if (closed is null)
        {
            return true;
        }
        double time = Math.Exp(logTime);
        (double least, double greatest) = curvature.Value;
        return time > 0 && double.IsFinite(time) && Holds(least) && Holds(greatest);

        bool Holds(double scalarCurvature)
        {
            double value = ShortTimeExpansion.Divergence(manifold.Dimension, closed.LogVolume, scalarCurvature, time);
            double next = ShortTimeExpansion.NextTerm(manifold.Dimension, scalarCurvature, time);
            return value >= LeastTrusted && scalarCurvature * time <= 2 * manifold.Dimension && next <= LargestNextTerm * value;
        }
    }

    private static (double Least, double Greatest) CurvatureRange(IClosedManifold manifold)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        Tensor values = manifold.ScalarCurvature(manifold.SampleUniform(CurvatureSamples, generator, ScalarType.Float64));
        return (values.min().item<double>(), values.max().item<double>());
    }
}
