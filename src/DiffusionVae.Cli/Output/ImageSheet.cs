using DiffusionVae.Data;
using DiffusionVae.Runs;
using SkiaSharp;

namespace DiffusionVae.Cli.Output;

/// <summary>Images side by side on white, in 8-bit grey, enlarged without smoothing so that single pixels can be seen.</summary>
internal static class ImageSheet
{
    private const int Gap = 2;
    private const int BandGap = 8;
    private const int LeastSide = 56;
    private const byte White = 255;

    /// <summary>Writes a sheet as PNG.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bands">Bands of rows, a wider gap between bands; a row is a list of images, row by row of pixels.</param>
    /// <param name="size">The size of every image.</param>
    /// <param name="range">The values shown as black and as white.</param>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<IReadOnlyList<float[]>>> bands, ImageSize size, (float Black, float White) range)
    {
        int scale = Math.Max(1, (LeastSide + Math.Min(size.Height, size.Width) - 1) / Math.Min(size.Height, size.Width));
        int columns = bands.Max(band => band.Max(row => row.Count));
        int rows = bands.Sum(band => band.Count);
        (int cellHeight, int cellWidth) = ((size.Height * scale) + Gap, (size.Width * scale) + Gap);
        int width = (columns * cellWidth) + Gap;
        int height = (rows * cellHeight) + Gap + ((bands.Count - 1) * BandGap);
        byte[] sheet = new byte[width * height];
        Array.Fill(sheet, White);

        int top = Gap;
        foreach (IReadOnlyList<IReadOnlyList<float[]>> band in bands)
        {
            foreach (IReadOnlyList<float[]> row in band)
            {
                for (int column = 0; column < row.Count; column++)
                {
                    Paste(row[column], size, scale, range, sheet.AsSpan((top * width) + Gap + (column * cellWidth)), width);
                }
                top += cellHeight;
            }
            top += BandGap;
        }
        Save(path, sheet, width, height);
    }

    /// <summary>The values to show as black and white: 0 and the greatest (at least 1), or symmetric about 0 if there are negative ones.</summary>
    public static (float Black, float White) RangeOf(IEnumerable<float[]> images)
    {
        float least = 0, greatest = 1, largest = 0;
        foreach (float value in images.SelectMany(image => image))
        {
            (least, greatest, largest) = (Math.Min(least, value), Math.Max(greatest, value), Math.Max(largest, Math.Abs(value)));
        }
        return least < 0 ? (-largest, largest) : (0, greatest);
    }

    /// <summary>The grey of a value, from black, 0, to white, 255.</summary>
    public static byte Grey(float value, (float Black, float White) range) =>
        (byte)Math.Round(255 * Math.Clamp((value - range.Black) / (range.White - range.Black), 0, 1));

    private static void Paste(float[] image, ImageSize size, int scale, (float Black, float White) range, Span<byte> corner, int stride)
    {
        for (int y = 0; y < size.Height * scale; y++)
        {
            for (int x = 0; x < size.Width * scale; x++)
            {
                float value = image[(y / scale * size.Width) + (x / scale)];
                corner[(y * stride) + x] = Grey(value, range);
            }
        }
    }

    private static void Save(string path, byte[] sheet, int width, int height)
    {
        var info = new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKImage image = SKImage.FromPixelCopy(info, sheet, width);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(path, png.SaveTo);
    }
}
