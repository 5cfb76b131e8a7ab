using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// What a figure is drawn on, PNG and SVG alike. Lengths are points, 1/96 inch, from the top left corner.
/// </summary>
internal sealed class FigureCanvas
{
    public static readonly SKColor Ink = new(0x22, 0x22, 0x22);
    public static readonly SKColor Faint = new(0x99, 0x99, 0x99);

    private readonly SKCanvas canvas;

    /// <param name="canvas">The sheet.</param>
    /// <param name="mostDots">How many dots of a cloud to draw: each takes room in an SVG.</param>
    public FigureCanvas(SKCanvas canvas, int mostDots) => (this.canvas, MostDots) = (canvas, mostDots);

    public int MostDots { get; }

    /// <summary>Writes a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">
    /// Where the baseline starts; or ends, or has its middle, as <paramref name="align"/> says.
    /// </param>
    /// <param name="y">The height of the baseline.</param>
    /// <param name="size">Of the font.</param>
    /// <param name="align">What lies at <paramref name="x"/>.</param>
    /// <param name="upwards">Whether to write upwards, not to the right.</param>
    public void Text(
        string text, float x, float y, float size = TextOutline.Normal, SKTextAlign align = SKTextAlign.Left, bool upwards = false)
    {
        using SKPath path = TextOutline.Create(text, size, align);
        path.Transform(SKMatrix.CreateTranslation(x, y).PreConcat(SKMatrix.CreateRotationDegrees(upwards ? -90 : 0)));
        Fill(path, Ink);
    }

    public void Line(SKPoint from, SKPoint to, SKColor colour, float width = 1)
    {
        using SKPaint paint = Stroke(colour, width);
        canvas.DrawLine(from, to, paint);
    }

    public void Polyline(IReadOnlyList<SKPoint> points, SKColor colour, float width)
    {
        using var path = new SKPath();
        path.AddPoly([.. points], close: false);
        using SKPaint paint = Stroke(colour, width);
        canvas.DrawPath(path, paint);
    }

    /// <summary>A small filled shape that stands out from whatever is below it.</summary>
    public void Marker(IReadOnlyList<SKPoint> corners)
    {
        using var path = new SKPath();
        path.AddPoly([.. corners], close: true);
        using SKPaint halo = Stroke(SKColors.White, 2.5f);
        canvas.DrawPath(path, halo);
        Fill(path, Ink);
    }

    public void Dot(SKPoint centre, float radius, SKColor colour)
    {
        using SKPaint paint = Filling(colour);
        canvas.DrawCircle(centre, radius, paint);
    }

    public void Ellipse(SKPoint centre, float halfWidth, float halfHeight, SKColor colour, float width = 1)
    {
        using SKPaint paint = Stroke(colour, width);
        canvas.DrawOval(centre.X, centre.Y, halfWidth, halfHeight, paint);
    }

    public void Rectangle(SKRect rectangle, SKColor colour, float width = 1)
    {
        using SKPaint paint = Stroke(colour, width);
        canvas.DrawRect(rectangle, paint);
    }

    public void Image(SKImage image, SKRect place)
    {
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.High, IsAntialias = true };
        canvas.DrawImage(image, place, paint);
    }

    private void Fill(SKPath path, SKColor colour)
    {
        using SKPaint paint = Filling(colour);
        canvas.DrawPath(path, paint);
    }

    private static SKPaint Filling(SKColor colour) => new() { Color = colour, Style = SKPaintStyle.Fill, IsAntialias = true };

    private static SKPaint Stroke(SKColor colour, float width) => new()
    {
        Color = colour,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = width,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
        IsAntialias = true,
    };
}
