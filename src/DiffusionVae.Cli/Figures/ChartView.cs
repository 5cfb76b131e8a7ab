using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>A chart as it lies on paper: seen from one side.</summary>
internal sealed class ChartView
{
    private const double Elevation = 35 * Math.PI / 180;
    private readonly double[] right;
    private readonly double[] up;
    private readonly double[] toward;

    private ChartView(Chart chart, double[] right, double[] up, double[] toward, double reach)
    {
        (Chart, this.right, this.up, this.toward) = (chart, right, up, toward);
        (Left, Right) = Range(right, reach);
        (Bottom, Top) = Range(up, reach);
        if (Bottom == Top)
        {
            (Bottom, Top) = (-0.06 * (Right - Left), 0.06 * (Right - Left));
        }
    }

    public Chart Chart { get; }

    public double Left { get; }

    public double Right { get; }

    public double Bottom { get; }

    public double Top { get; }

    /// <summary>Width over height.</summary>
    public double Aspect => (Right - Left) / (Top - Bottom);

    /// <summary>The axis of the chart that goes to the right, if one does.</summary>
    public ChartAxis? Horizontal => Along(right);

    /// <summary>The axis of the chart that goes up, if one does.</summary>
    public ChartAxis? Vertical => Along(up);

    /// <summary>The axis of the chart that comes out of the paper, if one does.</summary>
    public ChartAxis? Depth => Along(toward);

    /// <summary>Whether points lie one behind the other.</summary>
    public bool HasDepth => Chart.Axes.Count == 3;

    /// <summary>Curves on a surface in space that show its shape, in the plane of the paper.</summary>
    public IReadOnlyList<(double X, double Y)[]> Wires { get; private set; } = [];

    /// <summary>
    /// The sides from which a chart is to be seen: one in the plane, three in space, and one from above for a
    /// surface.
    /// </summary>
    /// <param name="chart">The chart.</param>
    /// <param name="reach">How far to show of axes that have no end.</param>
    /// <param name="unrolled">For a surface: its chart in the plane, whose lines are the wires.</param>
    public static IReadOnlyList<ChartView> Of(Chart chart, double reach, Chart? unrolled = null) => chart.Axes.Count switch
    {
        1 => [new(chart, [1], [0], [0], reach)],
        2 => [new(chart, [1, 0], [0, 1], [0, 0], reach)],
        _ when chart.Kind == ChartKind.Surface => [FromAbove(chart, reach, unrolled)],
        _ =>
        [
            new(chart, [1, 0, 0], [0, 1, 0], [0, 0, 1], reach),
            new(chart, [0, 1, 0], [0, 0, 1], [1, 0, 0], reach),
            new(chart, [0, 0, 1], [1, 0, 0], [0, 1, 0], reach),
        ],
    };

    /// <summary>
    /// A chart in the plane with its first axis upwards and its second to the right, as rows and columns of
    /// an image are numbered.
    /// </summary>
    public static ChartView FirstAxisUpwards(Chart chart) => new(chart, [0, 1], [1, 0], [0, 0], reach: 3);

    /// <summary>Where coordinates lie on paper, and how far in front of the middle.</summary>
    public (double X, double Y, double Depth) Project(ReadOnlySpan<double> coordinates) =>
        (Dot(right, coordinates), Dot(up, coordinates), Dot(toward, coordinates));

    /// <summary>The coordinates of a place on paper, in the plane through the middle.</summary>
    public double[] Lift(double x, double y) => [.. right.Zip(up, (r, u) => (x * r) + (y * u))];

    /// <summary>Places spread evenly over the view; on a circle, round it.</summary>
    /// <param name="columns">How many from left to right, or round the circle, at least 1.</param>
    public Lattice Lattice(int columns)
    {
        if (Chart.Kind == ChartKind.Circle)
        {
            // Within the edge, so that there is room for what stands at the places.
            double radius = 0.88 * Right, step = 2 * Math.PI / columns;
            (double, double)[] round =
                [.. Enumerable.Range(0, columns).Select(i => (radius * Math.Cos(i * step), radius * Math.Sin(i * step)))];
            return new Lattice(this, round, radius * step * 0.9);
        }
        (double width, double height) = (Right - Left, Top - Bottom);
        int rows = Chart.Axes.Count == 1 ? 1 : Math.Max(1, (int)Math.Round(height / width * columns));
        return new Lattice(
            this,
            [.. from row in Enumerable.Range(0, rows)
                from column in Enumerable.Range(0, columns)
                select (Left + ((column + 0.5) * width / columns), Top - ((row + 0.5) * height / rows))],
            Math.Min(width / columns, height / rows));
    }

    private static ChartView FromAbove(Chart chart, double reach, Chart? unrolled)
    {
        (double sine, double cosine) = Math.SinCos(Elevation);
        var view = new ChartView(chart, [1, 0, 0], [0, sine, cosine], [0, -cosine, sine], reach);
        view.Wires = unrolled is null ? [] : [.. view.Curves(unrolled, reach)];
        return view;
    }

    /// <summary>The lines of a flat chart on which one of its parameters is constant.</summary>
    private IEnumerable<(double X, double Y)[]> Curves(Chart flat, double reach)
    {
        var parameters = new ChartParameters(flat, reach);
        int[] lines = flat.Kind == ChartKind.Box ? [24, 8] : [4, 12];
        return
            from sheet in Enumerable.Range(0, parameters.Sheets)
            from kept in Enumerable.Range(0, 2)
            from line in Enumerable.Range(0, lines[kept])
            select Curve(flat, parameters, sheet, kept, (double)line / lines[kept]);
    }

    private (double X, double Y)[] Curve(Chart flat, ChartParameters parameters, int sheet, int kept, double share)
    {
        const int steps = 72;
        using var scope = NewDisposeScope();
        IEnumerable<double> steady = Enumerable.Repeat(share, steps + 1);
        IEnumerable<double> moving = Enumerable.Range(0, steps + 1).Select(step => (double)step / steps);
        IEnumerable<double[]> places = (kept == 0 ? steady.Zip(moving) : moving.Zip(steady))
            .Select(shares => parameters.Coordinates([shares.First, shares.Second], sheet));
        Tensor coordinates = Chart.ToCoordinates(flat.ToPoints(tensor([.. places.SelectMany(place => place)], [steps + 1, 2])).Points);
        return [.. Rows.Of(coordinates).Select(point => Project(point)).Select(point => (point.X, point.Y))];
    }

    private ChartAxis? Along(double[] direction)
    {
        int axis = Array.IndexOf(direction, 1);
        return axis < 0 ? null : Chart.Axes[axis];
    }

    private (double Low, double High) Range(double[] direction, double reach)
    {
        double low = 0, high = 0;
        foreach ((double weight, ChartAxis axis) in direction.Zip(Chart.Axes))
        {
            if (weight != 0)
            {
                double from = weight * (double.IsInfinity(axis.Low) ? -reach : axis.Low);
                double to = weight * (double.IsInfinity(axis.High) ? reach : axis.High);
                (low, high) = (low + Math.Min(from, to), high + Math.Max(from, to));
            }
        }
        return (low, high);
    }

    private static double Dot(double[] direction, ReadOnlySpan<double> coordinates)
    {
        double sum = 0;
        for (int i = 0; i < direction.Length; i++)
        {
            sum += direction[i] * coordinates[i];
        }
        return sum;
    }
}
