using DiffusionVae.Manifolds;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// A chart with its outline, axes and marks of what is glued to what; what it shows is up to its kinds.
/// </summary>
internal abstract class ChartPanel : Panel
{
    private const float LeftMargin = 34, BottomMargin = 32, OuterMargin = 8;
    private readonly float width;
    private readonly IReadOnlyList<string> names;

    /// <param name="view">The chart.</param>
    /// <param name="width">Of the chart itself, without its axes.</param>
    /// <param name="names">The names of its axes; by default the chart's own.</param>
    protected ChartPanel(ChartView view, float width, IReadOnlyList<string>? names = null)
    {
        (View, this.width) = (view, width);
        this.names = names ?? [view.Horizontal?.Name ?? "", view.Vertical?.Name ?? ""];
    }

    protected ChartView View { get; }

    /// <summary>Points on paper for a unit of the chart.</summary>
    protected float Scale => (float)(width / (View.Right - View.Left));

    public sealed override SKSize Size => new(LeftMargin + width + OuterMargin, OuterMargin + (width / (float)View.Aspect) + BottomMargin);

    public sealed override void Draw(FigureCanvas canvas, SKPoint topLeft)
    {
        SKRect area = SKRect.Create(topLeft + new SKSize(LeftMargin, OuterMargin), new SKSize(width, width / (float)View.Aspect));
        SKPoint At(double x, double y) =>
            new(area.Left + (float)((x - View.Left) * Scale), area.Bottom - (float)((y - View.Bottom) * Scale));
        foreach ((double X, double Y)[] wire in View.Wires)
        {
            canvas.Polyline([.. wire.Select(point => At(point.X, point.Y))], new SKColor(0xcc, 0xcc, 0xcc), 0.5f);
        }
        DrawContent(canvas, area, At);
        DrawOutline(canvas, area, At);
    }

    /// <summary>Draws what there is on the chart.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="area">Where the chart is.</param>
    /// <param name="at">Where places of the view are.</param>
    protected abstract void DrawContent(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at);

    private void DrawOutline(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at)
    {
        switch (View.Chart.Kind)
        {
            case ChartKind.Box:
                DrawBox(canvas, area, at);
                break;
            case ChartKind.Hemispheres:
                (float quarter, float half) = (width / 4, area.Height / 2);
                canvas.Ellipse(new SKPoint(area.Left + quarter, area.MidY), quarter, half, FigureCanvas.Faint);
                canvas.Ellipse(new SKPoint(area.Right - quarter, area.MidY), quarter, half, FigureCanvas.Faint);
                canvas.Text("north, z > 0", area.Left + quarter, area.Bottom + 18, TextOutline.Small, SKTextAlign.Center);
                canvas.Text("south, z < 0", area.Right - quarter, area.Bottom + 18, TextOutline.Small, SKTextAlign.Center);
                break;
            case ChartKind.Disc:
                canvas.Ellipse(new SKPoint(area.MidX, area.MidY), width / 2, area.Height / 2, FigureCanvas.Faint);
                if (View.Chart.Rim == ChartRim.Opposite)
                {
                    canvas.Text("opposite points of the rim are one", area.MidX, area.Bottom + 18, TextOutline.Small, SKTextAlign.Center);
                }
                break;
            case ChartKind.Ball:
                canvas.Ellipse(new SKPoint(area.MidX, area.MidY), width / 2, area.Height / 2, FigureCanvas.Faint);
                canvas.Text(names[0], area.Right - 8, area.Bottom + 4, TextOutline.Normal, SKTextAlign.Right);
                canvas.Text(names[1], area.Left + 8, area.Top + 8);
                break;
        }
    }

    private void DrawBox(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at)
    {
        canvas.Rectangle(area, FigureCanvas.Faint);
        if (View.Horizontal is { } horizontal)
        {
            foreach ((double value, string label) in Ticks.Of(horizontal, View.Left, View.Right))
            {
                SKPoint foot = at(value, View.Bottom);
                canvas.Line(foot, foot + new SKSize(0, 4), FigureCanvas.Faint);
                canvas.Text(label, foot.X, foot.Y + 15, TextOutline.Small, SKTextAlign.Center);
            }
            canvas.Text(names[0], area.MidX, area.Bottom + 29, TextOutline.Small, SKTextAlign.Center);
        }
        if (View.Vertical is { } vertical)
        {
            foreach ((double value, string label) in Ticks.Of(vertical, View.Bottom, View.Top))
            {
                SKPoint foot = at(View.Left, value);
                canvas.Line(foot, foot - new SKSize(4, 0), FigureCanvas.Faint);
                canvas.Text(label, foot.X - 6, foot.Y + 3.5f, TextOutline.Small, SKTextAlign.Right);
            }
            canvas.Text(names[1], area.Left - 25, area.MidY, TextOutline.Small, SKTextAlign.Center, upwards: true);
        }
        DrawIdentifications(canvas, area);
    }

    /// <summary>
    /// Arrows on edges that are one: single on the left and right, double at the bottom and top. They are
    /// opposed where one edge is the other turned over.
    /// </summary>
    private void DrawIdentifications(FigureCanvas canvas, SKRect area)
    {
        const float half = 4.5f;
        if (View.Vertical is not null)
        {
            foreach ((float x, float up) in Ends(View.Horizontal, area.Left, area.Right))
            {
                float foot = area.MidY + (up * half);
                canvas.Marker([new(x, area.MidY - (up * half)), new(x - half, foot), new(x + half, foot)]);
            }
        }
        foreach ((float y, float right) in Ends(View.Vertical, area.Bottom, area.Top))
        {
            foreach (float x in new[] { area.MidX - half, area.MidX + half })
            {
                canvas.Marker([new(x + (right * half), y), new(x - (right * half), y - half), new(x - (right * half), y + half)]);
            }
        }
    }

    /// <summary>
    /// The two ends of an axis that are one, and whether the arrow there points forwards (1) or backwards
    /// (-1); nothing for other axes.
    /// </summary>
    private static (float At, float Direction)[] Ends(ChartAxis? axis, float low, float high) =>
        axis is { IsPeriodic: true } ? [(low, 1), (high, 1)] : axis is { IsTwisted: true } ? [(low, 1), (high, -1)] : [];
}
