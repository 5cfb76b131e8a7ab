using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>A part of a latent space that is drawn by itself: the whole, two curves as a square, or a factor of a product.</summary>
/// <param name="Name">The manifold's id.</param>
/// <param name="Chart">How it is drawn.</param>
/// <param name="Surface">How it stands in space, where the chart is that surface unrolled; otherwise null.</param>
/// <param name="Start">The first of its coordinates in a point of the latent space.</param>
/// <param name="Width">How many coordinates it has there.</param>
/// <param name="CanDecode">Whether places of the chart stand for points of the manifold.</param>
internal sealed record LatentComponent(string Name, Chart Chart, Chart? Surface, int Start, int Width, bool CanDecode)
{
    /// <summary>The parts of a latent space.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">Points of it, [count, n]: they decide how to draw a manifold that has no chart.</param>
    public static IEnumerable<LatentComponent> Of(LatentSpace latent, Tensor points)
    {
        if (latent.Manifolds.Count > 1 && WholeChart(latent) is { } square)
        {
            return [new LatentComponent(latent.Id, square, null, 0, latent.AmbientDimension, CanDecode: true)];
        }
        int start = 0;
        var factors = new List<LatentComponent>();
        foreach (IManifold manifold in latent.Manifolds)
        {
            factors.Add(Of(manifold, points.narrow(-1, start, manifold.AmbientDimension), start));
            start += manifold.AmbientDimension;
        }
        return factors;
    }

    /// <summary>The chart of a latent space as a whole: a manifold's own, or the square of two curves; null where there is none.</summary>
    public static Chart? WholeChart(LatentSpace latent) => latent.Manifolds switch
    {
        [IChartedManifold { Charts: [var chart, ..] }] => chart,
        [IChartedManifold { Dimension: 1 } first, IChartedManifold { Dimension: 1 } second] => Chart.Product(Interval(first), Interval(second)),
        _ => null,
    };

    /// <summary>This part of points of the latent space.</summary>
    public Tensor Take(Tensor points) => points.narrow(-1, Start, Width);

    /// <summary>The decoder as a function of this part alone, the others standing where the first of some points has them; null where there is nothing to decode.</summary>
    public Func<Tensor, float[][]>? Decoding(Tensor points, Func<Tensor, float[][]> decode) => !CanDecode ? null : own =>
    {
        using var scope = NewDisposeScope();
        Tensor whole = points[..1].expand(own.size(0), -1).clone();
        whole.narrow(-1, Start, Width).copy_(own);
        return decode(whole);
    };

    private static LatentComponent Of(IManifold manifold, Tensor points, int start) => manifold is IChartedManifold { Charts: [var chart, ..] charts }
        ? new LatentComponent(manifold.Id, chart, chart.Kind == ChartKind.Box ? charts.FirstOrDefault(other => other.Kind == ChartKind.Surface) : null, start, manifold.AmbientDimension, true)
        : new LatentComponent($"{manifold.Id}, principal components", PrincipalComponents(points), null, start, manifold.AmbientDimension, false);

    private static Chart Interval(IChartedManifold curve) => curve.Charts.First(chart => chart.Kind == ChartKind.Box);

    /// <summary>The two directions of R^n in which points vary most: a picture of a manifold that has no other.</summary>
    private static Chart PrincipalComponents(Tensor points)
    {
        using var scope = NewDisposeScope();
        Tensor exact = points.to(ScalarType.Float64);
        Tensor centre = exact.mean([0]);
        (_, _, Tensor directions) = linalg.svd(exact - centre, fullMatrices: false);
        double[] middle = centre.data<double>().ToArray();
        double[] rows = directions[..2].contiguous().data<double>().ToArray();
        Tensor Directions() => tensor(rows, [2, middle.Length]);
        return new Chart(
            ChartKind.Box,
            [.. Enumerable.Range(1, 2).Select(i => new ChartAxis(FormattableString.Invariant($"principal component {i}"), double.NegativeInfinity, double.PositiveInfinity))],
            middle.Length,
            all => (all - tensor(middle)).matmul(Directions().t()),
            coordinates => (coordinates.matmul(Directions()) + tensor(middle), zeros(coordinates.size(0), ScalarType.Bool)));
    }
}
