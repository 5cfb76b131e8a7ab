using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Curves over a common axis.</summary>
internal sealed class PlotPanel : Panel
{
    private const float Width = 300, Height = 190, LeftMargin = 58, TopMargin = 8, RightMargin = 12, BottomMargin = 34;
    private const int MostMarks = 30;
    private readonly string across;
    private readonly IReadOnlyList<Curve> curves;
    private readonly (double Low, double High) horizontal;
    private readonly (double Low, double High) vertical;

    /// <param name="across">What the horizontal axis counts.</param>
    /// <param name="curves">At least one.</param>
    public PlotPanel(string across, IReadOnlyList<Curve> curves)
    {
        (this.across, this.curves) = (across, curves);
        horizontal = Range([.. curves.SelectMany(curve => curve.Points).Select(point => point.X)]);
        vertical = Range([.. curves.SelectMany(curve => curve.Points).Select(point => point.Y)]);
    }

    public override SKSize Size => new(LeftMargin + Width + RightMargin, TopMargin + Height + BottomMargin);

    public override void Draw(FigureCanvas canvas, SKPoint topLeft)
    {
        SKRect area = SKRect.Create(topLeft + new SKSize(LeftMargin, TopMargin), new SKSize(Width, Height));
        SKPoint At(double x, double y) => new(
            area.Left + (float)((x - horizontal.Low) / (horizontal.High - horizontal.Low) * Width),
            area.Bottom - (float)((y - vertical.Low) / (vertical.High - vertical.Low) * Height));
        foreach ((double value, string label) in Ticks.Round(vertical.Low, vertical.High))
        {
            SKPoint foot = At(horizontal.Low, value);
            canvas.Line(foot, foot + new SKSize(Width, 0), new SKColor(0xe6, 0xe6, 0xe6));
            canvas.Text(label, foot.X - 6, foot.Y + 3.5f, TextOutline.Small, SKTextAlign.Right);
        }
        foreach ((double value, string label) in Ticks.Round(horizontal.Low, horizontal.High, leastStep: 1))
        {
            SKPoint foot = At(value, vertical.Low);
            canvas.Line(foot, foot + new SKSize(0, 4), FigureCanvas.Faint);
            canvas.Text(label, foot.X, foot.Y + 15, TextOutline.Small, SKTextAlign.Center);
        }
        canvas.Rectangle(area, FigureCanvas.Faint);
        canvas.Text(across, area.MidX, area.Bottom + 30, TextOutline.Small, SKTextAlign.Center);
        foreach (Curve curve in curves)
        {
            SKPoint[] points = [.. curve.Points.Select(point => At(point.X, point.Y))];
            canvas.Polyline(points, curve.Colour, 1.6f);
            foreach (SKPoint point in points.Length <= MostMarks ? points : [])
            {
                canvas.Dot(point, 2.4f, curve.Colour);
            }
        }
    }

    /// <summary>The curves' names, one below the other.</summary>
    public Panel Legend() => new Names(curves);

    private static (double Low, double High) Range(IReadOnlyList<double> values)
    {
        (double low, double high) = (values.Min(), values.Max());
        double margin = high > low ? 0.04 * (high - low) : Math.Max(0.5, 0.01 * Math.Abs(high));
        return (low - margin, high + margin);
    }

    private sealed class Names(IReadOnlyList<Curve> curves) : Panel
    {
        private const float LineHeight = 20;

        public override SKSize Size =>
            new(34 + curves.Max(curve => TextOutline.Width(curve.Name, TextOutline.Normal)), curves.Count * LineHeight);

        public override void Draw(FigureCanvas canvas, SKPoint topLeft)
        {
            for (int i = 0; i < curves.Count; i++)
            {
                SKPoint start = topLeft + new SKSize(0, (i + 0.5f) * LineHeight);
                canvas.Line(start, start + new SKSize(24, 0), curves[i].Colour, 1.6f);
                canvas.Text(curves[i].Name, start.X + 32, start.Y + 4);
            }
        }
    }
}
