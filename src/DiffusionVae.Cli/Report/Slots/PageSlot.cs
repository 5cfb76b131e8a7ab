using System.Globalization;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Manifolds;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>A part of the latent space as the page draws it: <c>slots.js</c> reads it.</summary>
internal sealed class PageSlot
{
    private const double LeastReach = 3;

    /// <summary>The manifold's id, to read.</summary>
    public required string Id { get; init; }

    /// <summary>The first of its coordinates in a point.</summary>
    public required int Offset { get; init; }

    /// <summary>The number of its coordinates.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// The chart over which to decode; null where there is none, and the points are seen along two axes.
    /// </summary>
    public PageChart? Chart { get; init; }

    /// <summary>The surfaces in space over the chart.</summary>
    public IReadOnlyList<Surface> Surfaces { get; init; } = [];

    /// <summary>Without a chart: the names of the two axes.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Describes a part, and puts its numbers into the arrays of the page.</summary>
    /// <param name="component">The part.</param>
    /// <param name="index">Its number, from 0, which the names of the arrays end with.</param>
    /// <param name="points">The points of the images in the whole latent space, [count, n].</param>
    /// <param name="known">Points all over the latent space, [count, n].</param>
    /// <param name="arrays">The arrays of the page.</param>
    public static PageSlot Create(LatentComponent component, int index, Tensor points, Tensor known, PageArrays arrays)
    {
        using var scope = NewDisposeScope();
        Tensor own = component.Take(points);
        Tensor places = component.Chart.ToCoordinates(own);
        arrays.Add(Invariant($"places{index}"), Singles(places));
        if (!component.CanDecode)
        {
            Tensor others = component.Take(known);
            arrays.Add(Invariant($"known{index}"), Singles(others));
            arrays.Add(Invariant($"knownPlaces{index}"), Singles(component.Chart.ToCoordinates(others)));
            return new PageSlot
            {
                Id = component.Name,
                Offset = component.Start,
                Width = component.Width,
                Names = [.. component.Chart.Axes.Select(axis => axis.Name)],
            };
        }
        double reach = 1.04 * Math.Max(LeastReach, places.abs().max().item<double>());
        var series = ChartSeries.Create(component.Chart, reach, coordinates =>
        {
            Tensor at = component.Chart.ToPoints(coordinates).Points;
            return cat([at, .. component.Surfaces.Select(surface => surface.ToCoordinates(at))], -1);
        });
        arrays.Add(Invariant($"grid{index}"), series.Values);
        for (int i = 0; i < component.Surfaces.Count; i++)
        {
            arrays.Add(Invariant($"surface{index}-{i}"), Singles(component.Surfaces[i].ToCoordinates(own)));
        }
        return new PageSlot
        {
            Id = component.Name,
            Offset = component.Start,
            Width = component.Width,
            Chart = PageChart.Create(component.Chart, reach, series),
            Surfaces = [.. component.Surfaces.Select(surface => new Surface(component.HasAntipodes, surface.IsTrueToSize))],
        };
    }

    private static float[] Singles(Tensor values) => values.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();

    /// <param name="Both">
    /// Whether opposite points of the surface stand for the same point, so that both are drawn.
    /// </param>
    /// <param name="IsFirst">
    /// Whether it is what the page shows first: the manifold as it stands in space.
    /// </param>
    internal sealed record Surface(bool Both, bool IsFirst);
}

/// <summary>A chart as the page reads it.</summary>
/// <param name="Kind">Of <see cref="ChartKind"/>, in small letters.</param>
/// <param name="Axes">The coordinates.</param>
/// <param name="Rim">Of <see cref="ChartRim"/>, in small letters.</param>
/// <param name="Nodes">The nodes of each parameter, see <see cref="ChartSeries.Nodes"/>.</param>
/// <param name="IsSmooth">See <see cref="ChartSeries.IsSmooth"/>.</param>
internal sealed record PageChart(
    string Kind, IReadOnlyList<PageChart.Axis> Axes, string Rim, IReadOnlyList<PageChart.Direction> Nodes, bool IsSmooth)
{
    public static PageChart Create(Chart chart, double reach, ChartSeries series) => new(
        Name(chart.Kind),
        [.. chart.Axes.Select(axis => Axis.Create(axis, reach))],
        Name(chart.Rim),
        [.. series.Nodes.Zip(series.IsPeriodic, (count, periodic) => new Direction(count, periodic))],
        series.IsSmooth);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);

    /// <param name="Name">What stands at the axis.</param>
    /// <param name="Low">Where it starts.</param>
    /// <param name="High">Where it ends.</param>
    /// <param name="Periodic">See <see cref="ChartAxis.IsPeriodic"/>.</param>
    /// <param name="Twisted">See <see cref="ChartAxis.IsTwisted"/>.</param>
    /// <param name="Ticks">The marks.</param>
    internal sealed record Axis(string Name, double Low, double High, bool Periodic, bool Twisted, IReadOnlyList<Tick> Ticks)
    {
        public static Axis Create(ChartAxis axis, double reach)
        {
            (double low, double high) = (double.IsInfinity(axis.Low) ? -reach : axis.Low, double.IsInfinity(axis.High) ? reach : axis.High);
            Tick[] ticks = [.. Figures.Ticks.Of(axis, low, high).Select(tick => new Tick(tick.Value, tick.Label))];
            return new Axis(axis.Name, low, high, axis.IsPeriodic, axis.IsTwisted, ticks);
        }
    }

    /// <param name="Nodes">Their number.</param>
    /// <param name="Periodic">Whether they are even steps of a period.</param>
    internal sealed record Direction(int Nodes, bool Periodic);

    /// <param name="Value">Where it stands.</param>
    /// <param name="Label">What stands there.</param>
    internal sealed record Tick(double Value, string Label);
}
