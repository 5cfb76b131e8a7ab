using DiffusionVae.Manifolds;
using SkiaSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>The legend of <see cref="FactorColours"/>: their domain in its own colours.</summary>
internal sealed class ColourWheel : ChartPanel
{
    private const int PixelsPerPoint = 2;
    private const float Side = 180;
    private const double InnerRadius = 0.72;
    private readonly FactorColours colours;

    /// <param name="colours">The colours.</param>
    /// <param name="names">What the factors of a torus are called, to stand at its axes.</param>
    public ColourWheel(FactorColours colours, IReadOnlyList<string> names)
        : base(
            ViewOf(colours.Chart),
            colours.Chart.Kind == ChartKind.Hemispheres ? 2 * Side : Side,
            names.Count == 2 ? [names[1], names[0]] : null) => this.colours = colours;

    protected override void DrawContent(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at)
    {
        (int columns, int rows) = ((int)(area.Width * PixelsPerPoint), (int)(area.Height * PixelsPerPoint));
        (double X, double Y)[] places =
        [
            .. from row in Enumerable.Range(0, rows)
               from column in Enumerable.Range(0, columns)
               let x = View.Left + ((column + 0.5) * (View.Right - View.Left) / columns)
               let y = View.Top - ((row + 0.5) * (View.Top - View.Bottom) / rows)
               select (x, y)
        ];
        using var scope = NewDisposeScope();
        double[] coordinates = [.. places.SelectMany(place => View.Lift(place.X, place.Y))];
        (Tensor points, Tensor inside) = View.Chart.ToPoints(tensor(coordinates, [places.Length, 2]));
        bool[] shown = inside.data<bool>().ToArray();
        using var bitmap = new SKBitmap(columns, rows);
        bool IsSeen(int i) => shown[i] && IsOnRing(places[i]);
        bitmap.Pixels = [.. colours.OfLegend(points).Select((colour, i) => IsSeen(i) ? colour.ToColour() : SKColors.Transparent)];
        using var image = SKImage.FromBitmap(bitmap);
        canvas.Image(image, area);
    }

    /// <summary>A circle is shown as a ring.</summary>
    private bool IsOnRing((double X, double Y) place) =>
        View.Chart.Kind != ChartKind.Circle || double.Hypot(place.X, place.Y) / View.Right is > InnerRadius and <= 1;

    /// <summary>
    /// The first of two angles goes upwards: of translations, down comes first and then across.
    /// </summary>
    private static ChartView ViewOf(Chart chart) =>
        chart.Kind == ChartKind.Box ? ChartView.FirstAxisUpwards(chart) : ChartView.Of(chart, reach: 3)[0];
}
