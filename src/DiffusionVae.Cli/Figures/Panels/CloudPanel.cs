using DiffusionVae.Manifolds;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Points of a manifold in a chart of it, in colours.</summary>
internal sealed class CloudPanel : ChartPanel
{
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;
    private readonly double[][] places;
    private readonly IReadOnlyList<SKColor> colours;

    /// <param name="view">The chart.</param>
    /// <param name="width">Of the chart on paper.</param>
    /// <param name="places">Coordinates in the chart, one row for each point, at least one.</param>
    /// <param name="colours">One for each point.</param>
    public CloudPanel(ChartView view, float width, double[][] places, IReadOnlyList<SKColor> colours)
        : base(view, width) => (this.places, this.colours) = (places, colours);

    protected override void DrawContent(FigureCanvas canvas, SKRect area, Func<double, double, SKPoint> at)
    {
        int count = Math.Min(places.Length, canvas.MostDots);
        float radius = Math.Clamp((View.HasDepth ? 80 : 100) / MathF.Sqrt(count), 1.1f, 4);
        (double X, double Y, double Depth, SKColor Colour)[] dots = new (double, double, double, SKColor)[count];
        for (int i = 0; i < count; i++)
        {
            (double x, double y, double depth) = View.Project(places[i]);
            dots[i] = (x, y, depth, colours[i]);
        }
        if (View.HasDepth)
        {
            Array.Sort(dots, (a, b) => a.Depth.CompareTo(b.Depth));
        }
        (double far, double near) = (dots[0].Depth, dots[^1].Depth);
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = Spread(dots[i].X, dots[i].Y, i);
            double share = (near - dots[i].Depth) / Math.Max(near - far, 1e-12);
            canvas.Dot(at(x, y), radius, View.HasDepth ? Pale(dots[i].Colour, share) : dots[i].Colour);
        }
    }

    /// <summary>Points of a curve, moved across it so that they do not cover each other.</summary>
    private (double X, double Y) Spread(double x, double y, int index)
    {
        double share = (2 * (index * GoldenRatio % 1)) - 1;
        return View.Chart switch
        {
            { Kind: ChartKind.Circle } => (x * (0.88 + (0.11 * share)), y * (0.88 + (0.11 * share))),
            { Axes.Count: 1 } => (x, y + (0.85 * share * View.Top)),
            _ => (x, y),
        };
    }

    /// <summary>What is far is pale.</summary>
    private static SKColor Pale(SKColor colour, double share)
    {
        byte Mix(byte part) => (byte)(part + ((255 - part) * 0.5 * share));
        return new SKColor(Mix(colour.Red), Mix(colour.Green), Mix(colour.Blue));
    }
}
