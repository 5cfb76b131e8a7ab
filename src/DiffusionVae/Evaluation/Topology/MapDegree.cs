using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The degree of a map between closed manifolds of the same dimension: the number of times that it covers its
/// target, counted with orientation.
/// </summary>
/// <remarks>
/// A map of degree other than 0 is onto (paper, section 4.2); one of degree other than ±1 is no
/// homeomorphism.
/// </remarks>
public sealed class MapDegree
{
    /// <summary>The degree; null where it is undetermined.</summary>
    public required int? Value { get; init; }

    /// <summary>
    /// Whether the degree is only defined modulo 2, as onto a manifold that is not orientable.
    /// </summary>
    public bool IsModuloTwo { get; init; }

    /// <summary>How certain the degree is.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>
    /// Between tori, the winding matrix: entry [i][j] is the winding number of target circle i along source
    /// circle j. The degree is its determinant. Null otherwise.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Winding { get; init; }

    /// <summary>The measurements that the degree rests on, in words.</summary>
    public required string Basis { get; init; }

    /// <summary>
    /// Whether a homeomorphism may have this degree; null where the degree is undetermined.
    /// </summary>
    public bool? AllowsHomeomorphism => Value is { } degree ? Math.Abs(degree) == 1 : null;

    /// <summary>Measures the degree of a map.</summary>
    /// <param name="from">The source of the map.</param>
    /// <param name="to">The target of the map.</param>
    /// <param name="map">
    /// From points [count, n] of the source to points [count, n'] of the target, float32. Called with a few
    /// thousand points at a time.
    /// </param>
    /// <returns>
    /// The degree: by winding numbers where both are products of circles, by signed volumes where both are
    /// orientable, modulo 2 from RP² to RP². Null where a map has no degree, or none of these apply.
    /// </returns>
    public static MapDegree? Measure(IClosedManifold from, LatentSpace to, Func<Tensor, Tensor> map)
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
            (IFramedManifold { IsOrientable: true }, [IFramedManifold { IsOrientable: true } target]) when from is IQuadratureManifold =>
                SignedVolume.Measure(from, target, map),
            _ => null,
        };
    }

    /// <summary>The same degree, proved by a further argument.</summary>
    internal MapDegree Proved(string argument) => new()
    {
        Value = Value,
        IsModuloTwo = IsModuloTwo,
        Certainty = Certainty.Proved,
        Winding = Winding,
        Basis = $"{Basis}; {argument}",
    };
}
