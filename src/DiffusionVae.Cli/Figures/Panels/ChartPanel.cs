using DiffusionVae.Manifolds;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>A chart with its outline, axes and marks of what is glued to what; what it shows is up to its kinds.</summary>
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

    public sealed override void Draw(Pen pen, SKPoint topLeft)
    {
        SKRect area = SKRect.Create(topLeft + new SKSize(LeftMargin, OuterMargin), new SKSize(width, width / (float)View.Aspect));
        SKPoint At(double x, double y) => new(area.Left + (float)((x - View.Left) * Scale), area.Bottom - (float)((y - View.Bottom) * Scale));
        foreach ((double X, double Y)[] wire in View.Wires)
        {
            pen.Polyline([.. wire.Select(point => At(point.X, point.Y))], new SKColor(0xcc, 0xcc, 0xcc), 0.5f);
        }
        DrawContent(pen, area, At);
        DrawOutline(pen, area, At);
    }

    /// <summary>Draws what there is on the chart.</summary>
    /// <param name="pen">The pen.</param>
    /// <param name="area">Where the chart is.</param>
    /// <param name="at">Where places of the view are.</param>
    protected abstract void DrawContent(Pen pen, SKRect area, Func<double, double, SKPoint> at);

    private void DrawOutline(Pen pen, SKRect area, Func<double, double, SKPoint> at)
    {
        switch (View.Chart.Kind)
        {
            case ChartKind.Box:
                DrawBox(pen, area, at);
                break;
            case ChartKind.Hemispheres:
                float quarter = width / 4;
                pen.Circle(new SKPoint(area.Left + quarter, area.MidY), quarter, Pen.Faint);
                pen.Circle(new SKPoint(area.Right - quarter, area.MidY), quarter, Pen.Faint);
                pen.Text("north, z > 0", area.Left + quarter, area.Bottom + 18, Lettering.Small, SKTextAlign.Center);
                pen.Text("south, z < 0", area.Right - quarter, area.Bottom + 18, Lettering.Small, SKTextAlign.Center);
                break;
            case ChartKind.Disc:
                pen.Circle(new SKPoint(area.MidX, area.MidY), width / 2, Pen.Faint);
                pen.Text("opposite points of the rim are one", area.MidX, area.Bottom + 18, Lettering.Small, SKTextAlign.Center);
                break;
            case ChartKind.Ball:
                pen.Circle(new SKPoint(area.MidX, area.MidY), width / 2, Pen.Faint);
                pen.Text(names[0], area.Right - 8, area.Bottom + 4, Lettering.Normal, SKTextAlign.Right);
                pen.Text(names[1], area.Left + 8, area.Top + 8);
                break;
        }
    }

    private void DrawBox(Pen pen, SKRect area, Func<double, double, SKPoint> at)
    {
        pen.Rectangle(area, Pen.Faint);
        if (View.Horizontal is { } horizontal)
        {
            foreach ((double value, string label) in Marks(horizontal, View.Left, View.Right))
            {
                SKPoint foot = at(value, View.Bottom);
                pen.Line(foot, foot + new SKSize(0, 4), Pen.Faint);
                pen.Text(label, foot.X, foot.Y + 15, Lettering.Small, SKTextAlign.Center);
            }
            pen.Text(names[0], area.MidX, area.Bottom + 29, Lettering.Small, SKTextAlign.Center);
        }
        if (View.Vertical is { } vertical)
        {
            foreach ((double value, string label) in Marks(vertical, View.Bottom, View.Top))
            {
                SKPoint foot = at(View.Left, value);
                pen.Line(foot, foot - new SKSize(4, 0), Pen.Faint);
                pen.Text(label, foot.X - 6, foot.Y + 3.5f, Lettering.Small, SKTextAlign.Right);
            }
            pen.Text(names[1], area.Left - 25, area.MidY, Lettering.Small, SKTextAlign.Center, upwards: true);
        }
        DrawIdentifications(pen, area);
    }

    /// <summary>Arrows on edges that are one: single on the left and right, double at the bottom and top.</summary>
    private void DrawIdentifications(Pen pen, SKRect area)
    {
        const float half = 4.5f;
        if (View.Horizontal is { IsPeriodic: true } && View.Vertical is not null)
        {
            foreach (float x in new[] { area.Left, area.Right })
            {
                pen.Marker([new(x, area.MidY - half), new(x - half, area.MidY + half), new(x + half, area.MidY + half)]);
            }
        }
        if (View.Vertical is { IsPeriodic: true })
        {
            foreach (float y in new[] { area.Top, area.Bottom })
            {
                foreach (float x in new[] { area.MidX - half, area.MidX + half })
                {
                    pen.Marker([new(x + half, y), new(x - half, y - half), new(x - half, y + half)]);
                }
            }
        }
    }

    private static IReadOnlyList<(double Value, string Label)> Marks(ChartAxis axis, double low, double high) =>
        axis.IsPeriodic ? Ticks.Turn(low, high) : Ticks.Round(low, high);
}
