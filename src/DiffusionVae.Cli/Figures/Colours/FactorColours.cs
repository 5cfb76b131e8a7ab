using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// A smooth map from a manifold of true factors to colours, and a chart of its domain for the legend.
/// </summary>
/// <remarks>
/// The first chart of the manifold decides, by its kind and by which of its edges are one; no manifold is
/// known by name. The colours of a screen fill a solid, so circles, the torus and the sphere have maps into
/// it that tell all their points apart: a circle of hues; a ring torus about the axis of greys, hue the long
/// way round, light to dark round the tube; a sphere, light at the north pole, hue along the equator. RP^2
/// does not fit into three dimensions: Steiner's Roman surface tells all points apart but those on three
/// curves. RP^3, the rotations, does not either, and is coloured twice: by where a rotation takes the z axis,
/// and where the x axis. A manifold with another chart, or with none, is not coloured by its factors.
/// </remarks>
internal sealed class FactorColours
{
    private const double Lightness = 0.68;
    private readonly Func<Tensor, Tensor> toDomain;
    private readonly Func<double[], OkLab> colour;

    /// <param name="chart">What the legend shows.</param>
    /// <param name="toDomain">
    /// From points of the manifold to what the colours are a function of, [count, n] to [count, k].
    /// </param>
    /// <param name="colour">From a row of these.</param>
    private FactorColours(Chart chart, Func<Tensor, Tensor> toDomain, Func<double[], OkLab> colour) =>
        (Chart, this.toDomain, this.colour) = (chart, toDomain, colour);

    /// <summary>
    /// What the legend shows: the chart of the manifold; or, where an aspect is coloured, of what that aspect
    /// ranges over.
    /// </summary>
    public Chart Chart { get; }

    /// <summary>What of the factors is coloured, if not the whole.</summary>
    public string? Aspect { get; private init; }

    /// <summary>
    /// From points of the <see cref="Chart"/> of an aspect to what the colours are a function of; null for
    /// the factors themselves.
    /// </summary>
    private Func<Tensor, Tensor>? OfAspect { get; init; }

    /// <summary>The maps for a manifold: one, two, or none.</summary>
    public static IReadOnlyList<FactorColours> On(IManifold manifold) =>
        manifold is IChartedManifold { Charts: [var chart, ..] } ? On(chart) : [];

    /// <summary>The colours of points of the legend's chart, [count, n].</summary>
    public OkLab[] OfLegend(Tensor points)
    {
        using var scope = NewDisposeScope();
        return [.. Rows.Of((OfAspect ?? toDomain)(points)).Select(colour)];
    }

    /// <summary>The colours of factors, [count, n].</summary>
    public OkLab[] Of(Tensor factors)
    {
        using var scope = NewDisposeScope();
        return [.. Rows.Of(toDomain(factors)).Select(colour)];
    }

    private static IReadOnlyList<FactorColours> On(Chart chart)
    {
        switch (chart)
        {
            case { Kind: ChartKind.Circle }:
                return [new(chart, As(chart, new Sphere(1)), Hue)];
            case { Kind: ChartKind.Box, Axes: [{ IsPeriodic: true }, { IsPeriodic: true }] }:
                return [new(chart, points => Angles(chart, points), Wheel)];
            case { Kind: ChartKind.Hemispheres }:
                return [new(chart, As(chart, new Sphere(2)), Ball)];
            case { Kind: ChartKind.Disc, Rim: ChartRim.Opposite }:
                return [new(chart, As(chart, new ProjectiveSpace(2)), Roman)];
            case { Kind: ChartKind.Ball, Rim: ChartRim.Opposite }:
                Func<Tensor, Tensor> rotation = As(chart, new RotationGroup());
                return [Axis("z", 2), Axis("x", 0)];

                FactorColours Axis(string name, int column) =>
                    new(new Sphere(2).Charts[0], points => rotation(points).view(-1, 3, 3).select(-1, column), Ball)
                    {
                        Aspect = $"where the true rotation takes the {name} axis",
                        OfAspect = points => points,
                    };
            default:
                return [];
        }
    }

    /// <summary>
    /// The points at the same places of the chart of a well-known manifold of this kind, stretched as the
    /// chart is.
    /// </summary>
    private static Func<Tensor, Tensor> As(Chart chart, IChartedManifold model)
    {
        Chart other = model.Charts[0];
        double[] stretch = [.. chart.Axes.Zip(other.Axes, (own, its) => its.High / own.High)];
        return points => other.ToPoints(chart.ToCoordinates(points) * tensor(stretch)).Points;
    }

    /// <summary>Coordinates of periodic axes as angles from -π to π.</summary>
    private static Tensor Angles(Chart chart, Tensor points)
    {
        double[] low = [.. chart.Axes.Select(axis => axis.Low)];
        double[] turn = [.. chart.Axes.Select(axis => 2 * Math.PI / (axis.High - axis.Low))];
        return ((chart.ToCoordinates(points) - tensor(low)) * tensor(turn)) - Math.PI;
    }

    private static OkLab Hue(double[] p) => new(0.72, 0.12 * p[0], 0.12 * p[1]);

    /// <summary>
    /// The hue by the first angle, and by the second a tube that goes light, vivid, dark, pale.
    /// </summary>
    private static OkLab Wheel(double[] angles)
    {
        double chroma = 0.08 + (0.039 * Math.Cos(angles[1]));
        (double sine, double cosine) = Math.SinCos(angles[0]);
        return new OkLab(Lightness + (0.143 * Math.Sin(angles[1])), 0.01 + (chroma * cosine), 0.006 + (chroma * sine));
    }

    private static OkLab Ball(double[] p) => new(Lightness + (0.2 * p[2]), 0.11 * p[0], 0.11 * p[1]);

    private static OkLab Roman(double[] p) => new(Lightness + (0.39 * p[0] * p[1]), 0.235 * p[1] * p[2], 0.235 * p[2] * p[0]);
}
