using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>A smooth map from a manifold of true factors to colours, and a chart of its domain for the legend.</summary>
/// <remarks>
/// The colours of a screen fill a solid, so circles, the torus and the sphere have maps into it that tell all their points apart: a circle of hues; a ring torus
/// about the axis of greys, hue the long way round, light to dark round the tube; a sphere, light at the north pole, hue along the equator. RP^2 does not fit into three
/// dimensions: Steiner's Roman surface tells all points apart but those on three curves. SO(3) does not either, and is coloured twice: by where a rotation takes the z axis,
/// and where the x axis.
/// </remarks>
internal sealed class FactorColours
{
    private const double Lightness = 0.68;
    private readonly Func<double[], OkLab> colour;
    private readonly Func<double[], double[]> seen;

    /// <param name="domain">What the colours are a function of.</param>
    /// <param name="colour">From the coordinates of a point of the domain.</param>
    /// <param name="seen">From the coordinates of a factor to those of a point of the domain; by default they are the same.</param>
    private FactorColours(IChartedManifold domain, Func<double[], OkLab> colour, Func<double[], double[]>? seen = null) =>
        (Chart, this.colour, this.seen) = (domain.Charts[0], colour, seen ?? (factor => factor));

    /// <summary>The domain of the colours.</summary>
    public Chart Chart { get; }

    /// <summary>What of the factors is coloured, if not the whole.</summary>
    public string? Aspect { get; private init; }

    /// <summary>The maps for a manifold: one, two, or none.</summary>
    public static IReadOnlyList<FactorColours> On(IManifold manifold) => manifold switch
    {
        FlatTorus { Dimension: 1 } or Sphere { Dimension: 1 } => [new((IChartedManifold)manifold, Hue)],
        FlatTorus { Dimension: 2 } torus => [new(torus, p => Wheel(Math.Atan2(p[1], p[0]), Math.Atan2(p[3], p[2])))],
        EmbeddedTorus torus => [new(torus, p => Wheel(Math.Atan2(p[1], p[0]), Math.Atan2(p[2], Math.Sqrt((p[0] * p[0]) + (p[1] * p[1])) - torus.CoreRadius)))],
        Sphere { Dimension: 2 } sphere => [new(sphere, Ball)],
        ProjectiveSpace { Dimension: 2 } plane => [new(plane, Roman)],
        RotationGroup =>
        [
            new(new Sphere(2), Ball, r => [r[2], r[5], r[8]]) { Aspect = "where the true rotation takes the z axis" },
            new(new Sphere(2), Ball, r => [r[0], r[3], r[6]]) { Aspect = "where the true rotation takes the x axis" },
        ],
        _ => [],
    };

    /// <summary>The colour of a point of the domain, given its coordinates in R^n.</summary>
    public OkLab Of(double[] point) => colour(point);

    /// <summary>The colours of factors.</summary>
    /// <param name="factors">[count, n].</param>
    public SKColor[] Of(Tensor factors) => [.. Rows.Of(factors).Select(factor => Of(seen(factor)).ToColour())];

    private static OkLab Hue(double[] p) => new(0.72, 0.12 * p[0], 0.12 * p[1]);

    /// <summary>The hue, and a tube that goes light, vivid, dark, pale.</summary>
    private static OkLab Wheel(double hue, double tube)
    {
        double chroma = 0.08 + (0.039 * Math.Cos(tube));
        return new OkLab(Lightness + (0.143 * Math.Sin(tube)), 0.01 + (chroma * Math.Cos(hue)), 0.006 + (chroma * Math.Sin(hue)));
    }

    private static OkLab Ball(double[] p) => new(Lightness + (0.2 * p[2]), 0.11 * p[0], 0.11 * p[1]);

    private static OkLab Roman(double[] p) => new(Lightness + (0.39 * p[0] * p[1]), 0.235 * p[1] * p[2], 0.235 * p[2] * p[0]);
}
