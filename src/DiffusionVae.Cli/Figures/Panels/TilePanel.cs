using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// Decoded images at the places of a chart from which they come: on an even grid, or round a circle. Places
/// that are not of the manifold stay blank.
/// </summary>
internal sealed class TilePanel : ChartPanel
{
    private const int RoundACircle = 24;
    private const int InALine = 16;
    private const double Filled = 0.9;
    private readonly ImageRenderer renderer;
    private readonly (double X, double Y)[] centres;
    private readonly float[][] images;
    private readonly double side;

    /// <param name="view">The chart; of a chart in space, the plane through its middle is shown.</param>
    /// <param name="width">Of the chart on paper.</param>
    /// <param name="renderer">How images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public TilePanel(ChartView view, float width, ImageRenderer renderer, Func<Tensor, float[][]> decode)
        : base(view, width)
    {
        this.renderer = renderer;
        Lattice lattice = view.Lattice(Columns());
        side = Filled * lattice.Spacing;
        using var scope = NewDisposeScope();
        (Tensor points, Tensor inside) = lattice.ToPoints();
        centres = [.. lattice.Centres.Zip(inside.data<bool>().ToArray()).Where(place => place.Second).Select(place => place.First)];
        images = decode(points[inside]);
    }

    protected override void DrawContent(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at)
    {
        float points = (float)(side * Scale);
        // On a circle, images stand beyond the edge of its box by half their size.
        var sheet = SKRect.Create(area.Left - (points / 2), area.Top - (points / 2), area.Width + points, area.Height + points);
        using SKImage image = renderer.Sheet(sheet.Size, centres.Zip(images, (centre, pixels) =>
        {
            SKPoint middle = at(centre.X, centre.Y);
            return (SKRect.Create(middle.X - sheet.Left - (points / 2), middle.Y - sheet.Top - (points / 2), points, points), pixels);
        }));
        canvas.Image(image, sheet);
    }

    /// <summary>
    /// About how large a tile is on paper: half as many points as the image has pixels, within limits.
    /// </summary>
    private static double TilePoints(SKSizeI size) => Math.Clamp(Math.Min(size.Height, size.Width) / 2.0, 19, 28);

    private int Columns() => View.Chart switch
    {
        { Kind: ChartKind.Circle } => RoundACircle,
        { Axes.Count: 1 } => InALine,
        _ => (int)Math.Round((View.Right - View.Left) * Scale / TilePoints(renderer.PictureSize)),
    };
}
