using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>The legend of <see cref="FactorColours"/>: their domain in its own colours.</summary>
internal sealed class ColourWheel : ChartPanel
{
    private const int PixelsPerPoint = 2;
    private const float Side = 130;
    private readonly FactorColours colours;

    /// <param name="colours">The colours.</param>
    /// <param name="names">What the factors of a torus are called, to stand at its axes.</param>
    public ColourWheel(FactorColours colours, IReadOnlyList<string> names)
        : base(ViewOf(colours.Chart), colours.Chart.Kind == ChartKind.Hemispheres ? 2 * Side : Side, names.Count == 2 ? [names[1], names[0]] : null) =>
        this.colours = colours;

    private static ChartView ViewOf(Chart chart) => chart.Kind == ChartKind.Box ? ChartView.FirstAxisUpwards(chart) : ChartView.Of(chart, reach: 3)[0];

    protected override void DrawContent(Pen pen, SKRect area, Func<double, double, SKPoint> at)
    {
        using var scope = NewDisposeScope();
        (int columns, int rows) = ((int)(area.Width * PixelsPerPoint), (int)(area.Height * PixelsPerPoint));
        var places = new double[columns * rows, 2];
        var shown = new bool[columns * rows];
        for (int i = 0; i < columns * rows; i++)
        {
            (double x, double y) = ((i % columns + 0.5) / columns, (i / columns + 0.5) / rows);
            (x, y) = (View.Left + (x * (View.Right - View.Left)), View.Top - (y * (View.Top - View.Bottom)));
            double[] place = View.Lift(x, y);
            (places[i, 0], places[i, 1]) = (place[0], place[1]);
            shown[i] = View.Chart.Kind != ChartKind.Circle || (Math.Sqrt((x * x) + (y * y)) / View.Right is > 0.72 and <= 1);
        }
        (Tensor points, Tensor inside) = View.Chart.ToPoints(tensor(places));
        bool[] within = inside.data<bool>().ToArray();
        SKColor[] pixels = OkLab.ToColours(colours.ToLab(points));
        using var bitmap = new SKBitmap(columns, rows);
        bitmap.Pixels = [.. pixels.Select((colour, i) => within[i] && shown[i] ? colour : SKColors.Transparent)];
        using var image = SKImage.FromBitmap(bitmap);
        pen.Image(image, area);
    }
}
