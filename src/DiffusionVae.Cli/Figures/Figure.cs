using DiffusionVae.Reports;
using DiffusionVae.Runs;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// A figure: what it is called, what it shows, in a sentence or two, and what it consists of.
/// </summary>
internal sealed record Figure(string Name, string Caption, Panel Content)
{
    private const float Margin = 16;
    private const int PixelsPerPoint = 2;
    private const int MostDotsInVectors = 2000;

    /// <summary>
    /// Writes the figure as <c>NAME.png</c> and <c>NAME.svg</c> into a folder, which must exist.
    /// </summary>
    public FigureFiles Write(string folder)
    {
        var files = new FigureFiles(Path.Combine(folder, Name + ".png"), Path.Combine(folder, Name + ".svg"), Caption);
        AtomicFile.Write(files.Png, WritePng);
        AtomicFile.Write(files.Svg, WriteSvg);
        return files;
    }

    private SKSize Sheet => Content.Size + new SKSize(2 * Margin, 2 * Margin);

    private void WritePng(Stream stream)
    {
        var info = new SKImageInfo((int)Math.Ceiling(Sheet.Width * PixelsPerPoint), (int)Math.Ceiling(Sheet.Height * PixelsPerPoint));
        using var surface = SKSurface.Create(info);
        surface.Canvas.Scale(PixelsPerPoint);
        Draw(surface.Canvas, int.MaxValue);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }

    private void WriteSvg(Stream stream)
    {
        // Skia would close the stream.
        using var buffer = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, Sheet.Width, Sheet.Height), buffer))
        {
            Draw(canvas, MostDotsInVectors);
        }
        stream.Write(buffer.ToArray());
    }

    private void Draw(SKCanvas canvas, int mostDots)
    {
        using (var paper = new SKPaint { Color = SKColors.White })
        {
            canvas.DrawRect(new SKRect(0, 0, Sheet.Width, Sheet.Height), paper);
        }
        Content.Draw(new FigureCanvas(canvas, mostDots), new SKPoint(Margin, Margin));
    }
}
