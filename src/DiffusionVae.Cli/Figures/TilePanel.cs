using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>Decoded images at the places of a chart from which they come: on an even grid, or round a circle. Places that are not of the manifold stay blank.</summary>
internal sealed class TilePanel : ChartPanel
{
    private const int RoundACircle = 24;
    private readonly Pictures pictures;
    private readonly (double X, double Y)[] centres;
    private readonly float[][] images;
    private readonly double side;

    /// <param name="view">The chart; of a chart in space, the plane through its middle is shown.</param>
    /// <param name="width">Of the chart on paper.</param>
    /// <param name="pictures">How images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public TilePanel(ChartView view, float width, Pictures pictures, Func<Tensor, float[][]> decode)
        : base(view, width)
    {
        this.pictures = pictures;
        (centres, side) = view.Chart.Kind == ChartKind.Circle ? Around() : Lattice();
        using var scope = NewDisposeScope();
        double[][] places = [.. centres.Select(centre => view.Lift(centre.X, centre.Y))];
        (Tensor points, Tensor inside) = view.Chart.ToPoints(tensor([.. places.SelectMany(place => place)], [places.Length, view.Chart.Axes.Count]));
        centres = [.. centres.Zip(inside.data<bool>().ToArray()).Where(place => place.Second).Select(place => place.First)];
        images = decode(points[inside]);
    }

    protected override void DrawContent(Pen pen, SKRect area, Func<double, double, SKPoint> at)
    {
        float points = (float)(side * Scale);
        // On a circle, images stand beyond the edge of its box by half their size.
        var sheet = SKRect.Create(area.Left - (points / 2), area.Top - (points / 2), area.Width + points, area.Height + points);
        using SKImage image = pictures.Sheet(sheet.Size, centres.Zip(images, (centre, pixels) =>
        {
            SKPoint middle = at(centre.X, centre.Y);
            return (SKRect.Create(middle.X - sheet.Left - (points / 2), middle.Y - sheet.Top - (points / 2), points, points), pixels);
        }));
        pen.Image(image, sheet);
    }

    /// <summary>Middles of squares that fill the view, or nearly.</summary>
    private ((double X, double Y)[] Centres, double Side) Lattice()
    {
        (double width, double height) = (View.Right - View.Left, View.Top - View.Bottom);
        int columns = View.Chart.Axes.Count == 1 ? 16 : (int)Math.Round(width * Scale / TilePoints);
        int rows = View.Chart.Axes.Count == 1 ? 1 : Math.Max(1, (int)Math.Round(height / width * columns));
        return (
            [.. from row in Enumerable.Range(0, rows)
                from column in Enumerable.Range(0, columns)
                select (View.Left + ((column + 0.5) * width / columns), View.Top - ((row + 0.5) * height / rows))],
            0.9 * Math.Min(width / columns, height / rows));
    }

    /// <summary>About how large a tile is on paper: half as many points as the image has pixels, within limits.</summary>
    private double TilePoints => Math.Clamp(Math.Min(pictures.Size.Height, pictures.Size.Width) / 2.0, 19, 28);

    private ((double X, double Y)[] Centres, double Side) Around()
    {
        double radius = 0.88 * View.Right;
        double step = 2 * Math.PI / RoundACircle;
        return ([.. Enumerable.Range(0, RoundACircle).Select(i => (radius * Math.Cos(i * step), radius * Math.Sin(i * step)))], 0.8 * step * radius);
    }
}
