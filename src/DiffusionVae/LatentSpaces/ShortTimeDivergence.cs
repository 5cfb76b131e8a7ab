using DiffusionVae.HeatKernels;
using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>-(d/2) log(2πt) - d/2 + log Vol(M) + a Sc t: the expansion for short times, the same on every closed manifold (paper, section 3.7).</summary>
/// <remarks>It is no divergence for larger t, where it falls below zero; keep log t bounded.</remarks>
public sealed class ShortTimeDivergence : IDivergence
{
    private readonly IClosedManifold? closed;
    private readonly Scalar constant;
    private readonly Scalar slope;
    private readonly Scalar curvatureCoefficient;

    /// <summary>Creates the expansion on a manifold; without its constant and its curvature term where these are not known.</summary>
    /// <param name="manifold">The manifold; volume and curvature are used if it is an <see cref="IClosedManifold"/>.</param>
    /// <param name="method"><see cref="DivergenceMethod.Asymptotic"/> (a = 1/4) or <see cref="DivergenceMethod.Paper"/> (a = (d+4)/24).</param>
    /// <exception cref="ArgumentException">The method is another.</exception>
    public ShortTimeDivergence(IManifold manifold, DivergenceMethod method)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        Method = method;
        closed = manifold as IClosedManifold;
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

    /// <inheritdoc/>
    public DivergenceMethod Method { get; }

    /// <inheritdoc/>
    public Tensor Evaluate(Tensor points, Tensor logTime)
    {
        using var scope = torch.NewDisposeScope();
        Tensor flat = logTime.mul(slope).add_(constant);
        return (closed is null ? flat : flat + (closed.ScalarCurvature(points) * logTime.exp() * curvatureCoefficient)).MoveToOuterDisposeScope();
    }
}
