using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// A part of a latent space that is drawn by itself: the whole, two curves as a square, a component of a
/// product, or a part of one.
/// </summary>
internal sealed class LatentComponent
{
    /// <summary>The most parts of a manifold that a figure has room for.</summary>
    private const int MostParts = 6;

    /// <summary>The manifold's id.</summary>
    public required string Name { get; init; }

    /// <summary>How it is drawn, and decoded over.</summary>
    public required Chart Chart { get; init; }

    /// <summary>How it looks in space, if the chart lies in the plane.</summary>
    public IReadOnlyList<Chart> Surfaces { get; init; } = [];

    /// <summary>The first of its coordinates in a point of the latent space.</summary>
    public required int Start { get; init; }

    /// <summary>How many coordinates it has there.</summary>
    public required int Width { get; init; }

    /// <summary>Whether places of the chart stand for points of the manifold.</summary>
    public bool CanDecode { get; init; } = true;

    /// <summary>Whether opposite points of a surface stand for the same point.</summary>
    public bool HasAntipodes { get; init; }

    /// <summary>The parts of a latent space.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">
    /// Points of it, [count, n]: they decide how to draw a manifold that has no chart.
    /// </param>
    /// <param name="mostParts">
    /// Into how many parts to take a manifold apart, at most; beyond, its principal components are drawn.
    /// </param>
    public static IReadOnlyList<LatentComponent> Of(LatentSpace latent, Tensor points, int mostParts = MostParts)
    {
        if (latent.Manifolds.Count > 1 && WholeChart(latent) is { } square)
        {
            return [new LatentComponent { Name = latent.Id, Chart = square, Start = 0, Width = latent.AmbientDimension }];
        }
        int start = 0;
        var components = new List<LatentComponent>();
        foreach (IManifold manifold in latent.Manifolds)
        {
            components.AddRange(Of(manifold, points.narrow(-1, start, manifold.AmbientDimension), start, mostParts));
            start += manifold.AmbientDimension;
        }
        return components;
    }

    /// <summary>
    /// The chart of a latent space as a whole: a manifold's own, or the square of two curves; null where
    /// there is none.
    /// </summary>
    public static Chart? WholeChart(LatentSpace latent) => latent.Manifolds switch
    {
        [IChartedManifold manifold] => Flat(manifold),
        [IChartedManifold { Dimension: 1 } first, IChartedManifold { Dimension: 1 } second] =>
            Interval(first) is { } across && Interval(second) is { } up ? Chart.Product(across, up) : null,
        _ => null,
    };

    /// <summary>This part of points of the latent space.</summary>
    public Tensor Take(Tensor points) => points.narrow(-1, Start, Width);

    /// <summary>
    /// The decoder as a function of this part alone, the others standing where the first of some points has
    /// them; null where there is nothing to decode.
    /// </summary>
    public Func<Tensor, float[][]>? Decoding(Tensor points, Func<Tensor, float[][]> decode) => !CanDecode ? null : own =>
    {
        using var scope = NewDisposeScope();
        Tensor whole = points[..1].expand(own.size(0), -1).clone();
        whole.narrow(-1, Start, Width).copy_(own);
        return decode(whole);
    };

    private static IEnumerable<LatentComponent> Of(IManifold manifold, Tensor points, int start, int mostParts)
    {
        if (manifold is IChartedManifold charted && Flat(charted) is { } chart)
        {
            return
            [
                new LatentComponent
                {
                    Name = manifold.Id,
                    Chart = chart,
                    Surfaces = IsOfSurface(chart) ? [.. charted.Charts.Where(other => other.Kind == ChartKind.Surface)] : [],
                    Start = start,
                    Width = manifold.AmbientDimension,
                    HasAntipodes = manifold is IAntipodalManifold,
                },
            ];
        }
        if (manifold is IChartedManifold { Parts: { Count: > 1 } parts } && parts.Count <= mostParts)
        {
            var all = new List<LatentComponent>();
            int width = 0;
            foreach (IChartedManifold part in parts)
            {
                all.AddRange(Of(part, points.narrow(-1, width, part.AmbientDimension), start + width, mostParts));
                width += part.AmbientDimension;
            }
            return all;
        }
        return
        [
            new LatentComponent
            {
                Name = $"{manifold.Id}, principal components",
                Chart = PrincipalComponents(points),
                Start = start,
                Width = manifold.AmbientDimension,
                CanDecode = false,
            },
        ];
    }

    /// <summary>The chart to decode over: the first that is no surface in space.</summary>
    private static Chart? Flat(IChartedManifold manifold) => manifold.Charts.FirstOrDefault(chart => chart.Kind != ChartKind.Surface);

    private static bool IsOfSurface(Chart chart) =>
        chart.Kind is ChartKind.Box or ChartKind.Disc or ChartKind.Hemispheres && chart.Axes.Count == 2;

    private static Chart? Interval(IChartedManifold curve) => curve.Charts.FirstOrDefault(chart => chart.Kind == ChartKind.Box);

    /// <summary>
    /// The two directions of R^n in which points vary most: a picture of a manifold that has no other.
    /// </summary>
    private static Chart PrincipalComponents(Tensor points)
    {
        using var scope = NewDisposeScope();
        Tensor exact = points.to(ScalarType.Float64);
        Tensor centre = exact.mean([0]);
        // Fewer points than coordinates have fewer directions of their own; the others complete a basis.
        bool few = exact.size(0) < exact.size(1);
        (_, _, Tensor directions) = linalg.svd(exact - centre, fullMatrices: few);
        double[] middle = centre.data<double>().ToArray();
        double[] rows = directions[..2].contiguous().data<double>().ToArray();
        Tensor Directions() => tensor(rows, [2, middle.Length]);
        ChartAxis Axis(int i) => new(Invariant($"principal component {i}"), double.NegativeInfinity, double.PositiveInfinity);
        return new Chart(
            ChartKind.Box,
            [Axis(1), Axis(2)],
            middle.Length,
            all => (all - tensor(middle)).matmul(Directions().t()),
            coordinates => (coordinates.matmul(Directions()) + tensor(middle), zeros(coordinates.size(0), ScalarType.Bool)));
    }
}
