using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>A smooth map from a manifold of true factors to colours, and a chart of its domain for the legend.</summary>
/// <remarks>
/// Colours make up a ball, so circles, the torus and the sphere have maps that tell all their points apart: a circle of hues; a ring torus about the axis of greys, hue the long way
/// round and light to dark round the tube; a sphere, light at the north pole, hue along the equator. RP^2 does not fit into a space of three dimensions: Steiner's Roman surface tells all points
/// apart but those on three curves. SO(3) does not either, and is shown twice: by where a rotation takes the z axis, and the x axis.
/// </remarks>
internal sealed class FactorColours
{
    private const double Lightness = 0.68;
    private readonly Func<Tensor, Tensor> toLab;

    private FactorColours(Chart chart, Func<Tensor, Tensor> toLab) => (Chart, this.toLab) = (chart, toLab);

    /// <summary>What of the factors is coloured, if not the whole.</summary>
    public string? Aspect { get; private init; }

    /// <summary>The domain of the colours.</summary>
    public Chart Chart { get; }

    /// <summary>From factors to the points of the domain.</summary>
    private Func<Tensor, Tensor> Seen { get; init; } = points => points.alias();

    /// <summary>The maps for a manifold: one, two, or none.</summary>
    public static IReadOnlyList<FactorColours> On(IManifold manifold) => manifold switch
    {
        FlatTorus { Dimension: 1 } or Sphere { Dimension: 1 } => [new(ChartOf(manifold), Hues)],
        FlatTorus { Dimension: 2 } => [new(ChartOf(manifold), points => Wheel(FlatTorus.ToAngles(points)))],
        EmbeddedTorus torus => [new(ChartOf(manifold), points => Wheel(torus.ToAngles(points).flip(-1)))],
        Sphere { Dimension: 2 } => [new(ChartOf(manifold), Ball)],
        ProjectiveSpace { Dimension: 2 } => [new(ChartOf(manifold), Roman)],
        RotationGroup =>
        [
            new(ChartOf(new Sphere(2)), Ball) { Aspect = "where the true rotation takes the z axis", Seen = rotations => Column(rotations, 2) },
            new(ChartOf(new Sphere(2)), Ball) { Aspect = "where the true rotation takes the x axis", Seen = rotations => Column(rotations, 0) },
        ],
        _ => [],
    };

    /// <summary>The colours of points of the domain, in OKLab.</summary>
    /// <param name="points">[count, n], float64.</param>
    /// <returns>[count, 3].</returns>
    public Tensor ToLab(Tensor points)
    {
        using var scope = NewDisposeScope();
        return toLab(points).MoveToOuterDisposeScope();
    }

    /// <summary>The colours of factors.</summary>
    /// <param name="factors">[count, n].</param>
    public SKColor[] Of(Tensor factors)
    {
        using var scope = NewDisposeScope();
        return OkLab.ToColours(ToLab(Seen(factors.to(ScalarType.Float64))));
    }

    private static Chart ChartOf(IManifold manifold) => ((IChartedManifold)manifold).Charts[0];

    private static Tensor Hues(Tensor points) => cat([full_like(points.narrow(-1, 0, 1), 0.72), points * 0.12], -1);

    /// <summary>The first angle is the hue, the second goes light, vivid, dark, pale.</summary>
    private static Tensor Wheel(Tensor angles)
    {
        (Tensor hue, Tensor tube) = (angles.narrow(-1, 0, 1), angles.narrow(-1, 1, 1));
        Tensor chroma = (tube.cos() * 0.04) + 0.081;
        return cat([(tube.sin() * 0.145) + Lightness, (chroma * hue.cos()) + 0.01, (chroma * hue.sin()) + 0.006], -1);
    }

    private static Tensor Ball(Tensor points) =>
        cat([(points.narrow(-1, 2, 1) * 0.2) + Lightness, points.narrow(-1, 0, 2) * 0.11], -1);

    private static Tensor Roman(Tensor points)
    {
        (Tensor x, Tensor y, Tensor z) = (points.narrow(-1, 0, 1), points.narrow(-1, 1, 1), points.narrow(-1, 2, 1));
        return cat([(x * y * 0.4) + Lightness, y * z * 0.24, z * x * 0.24], -1);
    }

    private static Tensor Column(Tensor rotations, int column) => rotations.view(-1, 3, 3).select(-1, column);
}
