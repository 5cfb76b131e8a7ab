using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>The degree of a map between closed manifolds of the same dimension: how often it covers its target, counted with orientation.</summary>
/// <remarks>A map of degree other than 0 is onto (paper, section 4.2); one of degree other than ±1 is no homeomorphism.</remarks>
public sealed record MapDegree
{
    /// <summary>The degree; null where it is undetermined.</summary>
    public int? Value { get; internal init; }

    /// <summary>Whether the degree is only defined modulo 2, as onto a manifold that is not orientable.</summary>
    public bool IsModuloTwo { get; internal init; }

    /// <summary>How sure it is.</summary>
    public Certainty Certainty { get; internal init; }

    /// <summary>
    /// Between tori, the action on loops: how often the i-th circle of the target is gone round, row i, while the j-th circle of the source is gone round once, column j. The degree is its
    /// determinant. Otherwise null.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Winding { get; internal init; }

    /// <summary>What the degree was made from, in words.</summary>
    public required string Basis { get; init; }

    /// <summary>Whether the degree forbids, allows or cannot say that the map is a homeomorphism: false, true, null.</summary>
    public bool? AllowsHomeomorphism => Value is not { } degree ? null : IsModuloTwo ? degree == 1 : Math.Abs(degree) == 1;

    /// <summary>Computes the degree of a map.</summary>
    /// <param name="from">Where the map starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="map">From points [count, n] of the one to points [count, n'] of the other, float32; called with a few thousand points at a time.</param>
    /// <returns>
    /// The degree by winding numbers where both are products of circles, by signed volumes where both are orientable, modulo 2 from RP² to RP²; null where there is none, or none of these apply.
    /// </returns>
    public static MapDegree? Of(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(map);
        if (from.Dimension != to.Dimension || to.Manifolds.Any(manifold => manifold is not IClosedManifold))
        {
            return null;
        }
        using var frozen = torch.no_grad();
        if (from is ICircularManifold { IsProductOfCircles: true } source && CircleCoordinates.Of(to.Manifolds) is { } circles)
        {
            return WindingNumbers.Measure(from.Dimension, angles => circles.Angles(map(source.FromAngles(angles))));
        }
        return (from, to.Manifolds) switch
        {
            (IAntipodalManifold { Dimension: 2, IsProjective: true }, [IAntipodalManifold { IsProjective: true }]) =>
                ProjectivePlaneDegree.Measure(points => map(from.Project(points))),
            (IFramedManifold { IsOrientable: true }, [IFramedManifold { IsOrientable: true } target]) when from is IQuadratureManifold => SignedVolume.Measure(from, target, map),
            _ => null,
        };
    }
}
