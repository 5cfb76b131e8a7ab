using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Grey images, their size, and which values are black and white.</summary>
/// <param name="Shape">Of every image.</param>
/// <param name="Range">The values shown as black and as white.</param>
internal sealed record ImageRenderer(ObservationShape Shape, (float Black, float White) Range)
{
    private const int PixelsPerPoint = 2;

    /// <summary>
    /// Images at places of a sheet that is clear elsewhere; each as large as fits into its place, without
    /// stretching.
    /// </summary>
    /// <param name="sheet">The size of the sheet, in points.</param>
    /// <param name="tiles">
    /// The images and their places on the sheet; an image without pixels leaves its place clear.
    /// </param>
    public SKImage Sheet(SKSize sheet, IEnumerable<(SKRect Place, float[] Image)> tiles)
    {
        var info = new SKImageInfo((int)Math.Ceiling(sheet.Width * PixelsPerPoint), (int)Math.Ceiling(sheet.Height * PixelsPerPoint));
        using var surface = SKSurface.Create(info);
        surface.Canvas.Scale(PixelsPerPoint);
        foreach ((SKRect place, float[] image) in tiles.Where(tile => tile.Image.Length > 0))
        {
            SKRect fitted = place.AspectFit(new SKSize(Shape.Width, Shape.Height));
            float enlarged = fitted.Width * PixelsPerPoint / Shape.Width;
            // Single pixels are to be seen where each takes the same whole number of dots.
            bool exact = enlarged >= 1 && enlarged == MathF.Round(enlarged);
            using var paint = new SKPaint { FilterQuality = exact ? SKFilterQuality.None : SKFilterQuality.High };
            var grey = new SKImageInfo(Shape.Width, Shape.Height, SKColorType.Gray8, SKAlphaType.Opaque);
            using SKImage drawn = SKImage.FromPixelCopy(grey, Greys(image), Shape.Width);
            surface.Canvas.DrawImage(drawn, fitted, paint);
        }
        return surface.Snapshot();
    }

    private byte[] Greys(float[] image) => [.. image.Select(value => ImageSheet.Grey(value, Range))];
}
