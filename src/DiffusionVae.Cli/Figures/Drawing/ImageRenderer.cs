using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Observations, their shape, and which values are black and white.</summary>
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
        var picture = new ObservationPicture(Shape, Range);
        foreach ((SKRect place, float[] image) in tiles.Where(tile => tile.Image.Length > 0))
        {
            SKRect fitted = place.AspectFit(new SKSize(picture.Width, picture.Height));
            float enlarged = fitted.Width * PixelsPerPoint / picture.Width;
            // Single pixels are to be seen where each takes the same whole number of dots.
            bool exact = enlarged >= 1 && enlarged == MathF.Round(enlarged);
            using var paint = new SKPaint { FilterQuality = exact ? SKFilterQuality.None : SKFilterQuality.High };
            using SKImage drawn = Image(picture, image);
            surface.Canvas.DrawImage(drawn, fitted, paint);
        }
        return surface.Snapshot();
    }

    /// <summary>The size of a picture of an observation, in its own pixels.</summary>
    public SKSizeI PictureSize
    {
        get
        {
            var picture = new ObservationPicture(Shape, Range);
            return new SKSizeI(picture.Width, picture.Height);
        }
    }

    private static SKImage Image(ObservationPicture picture, float[] values)
    {
        byte[] pixels = picture.Draw(values);
        if (picture.Channels == 1)
        {
            var grey = new SKImageInfo(picture.Width, picture.Height, SKColorType.Gray8, SKAlphaType.Opaque);
            return SKImage.FromPixelCopy(grey, pixels, picture.Width);
        }
        var colour = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        byte[] opaque = [.. pixels.Chunk(3).SelectMany(pixel => (byte[])[.. pixel, byte.MaxValue])];
        return SKImage.FromPixelCopy(colour, opaque, 4 * picture.Width);
    }
}
