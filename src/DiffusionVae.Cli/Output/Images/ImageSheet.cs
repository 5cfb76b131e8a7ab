using DiffusionVae.Data;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Images side by side on white, in 8-bit grey, enlarged without smoothing so that single pixels can
/// be seen.</summary>
internal static class ImageSheet
{
    private const int Gap = 2;
    private const int LeastSide = 56;

    /// <summary>Images are enlarged up to this width or height alone.</summary>
    private const int MostEnlarged = 512;

    /// <summary>What browsers and other viewers open.</summary>
    private const int MostSide = 32_000;
    private const long MostPixels = 1L << 28;
    private const byte White = 255;

    /// <summary>Writes a sheet as PNG, one row of images after another: only these are in memory.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="columns">Images of a row.</param>
    /// <param name="count">How many images there are.</param>
    /// <param name="images">Images, row by row of pixels; one without pixels leaves its place white.</param>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="range">The values shown as black and as white.</param>
    public static void Write(
        string path, int columns, long count, IEnumerable<float[]> images, ObservationShape shape, (float Black, float White) range)
    {
        int scale = Scale(shape);
        (long width, long height) = Size(columns, count, shape);
        if (!IsViewable(width, height))
        {
            throw new UsageException(Invariant(
                $"a sheet of {count} images would have {width} by {height} pixels, more than viewers open; ")
                + "ask for fewer, or for a .npy file.");
        }
        AtomicFile.Write(
            path, stream => PngWriter.WriteGrey(stream, (int)width, (int)height, Lines(columns, images, shape, scale, range, (int)width)));
    }

    /// <summary>How many images to put into a row: up to some, and more where the sheet would be too
    /// long.</summary>
    public static int Columns(long count, ObservationShape shape, int most)
    {
        int square = (int)Math.Ceiling(Math.Sqrt(count)), columns = Math.Clamp(square, 1, most);
        (long width, long height) = Size(columns, count, shape);
        return IsViewable(width, height) ? columns : square;
    }

    private static int Scale(ObservationShape shape)
    {
        int least = Math.Min(shape.Height, shape.Width), greatest = Math.Max(shape.Height, shape.Width);
        return Math.Max(1, Math.Min((LeastSide + least - 1) / least, MostEnlarged / greatest));
    }

    private static (long Width, long Height) Size(int columns, long count, ObservationShape shape)
    {
        int scale = Scale(shape);
        return ((columns * (((long)shape.Width * scale) + Gap)) + Gap,
            ((count + columns - 1) / columns * (((long)shape.Height * scale) + Gap)) + Gap);
    }

    private static bool IsViewable(long width, long height) => width <= MostSide && height <= MostSide && width * height <= MostPixels;

    /// <summary>The values to show as black and white: 0 and the greatest (at least 1), or symmetric about 0
    /// if there are negative ones.</summary>
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

    private static IEnumerable<byte[]> Lines(
        int columns, IEnumerable<float[]> images, ObservationShape shape, int scale, (float Black, float White) range, int width)
    {
        byte[] white = new byte[width];
        Array.Fill(white, White);
        IEnumerable<byte[]> gap = Enumerable.Repeat(white, Gap);
        foreach (float[][] row in images.Chunk(columns))
        {
            foreach (byte[] line in gap.Concat(
                Enumerable.Range(0, shape.Height).SelectMany(y => Enumerable.Repeat(Line(row, y, shape, scale, range, width), scale))))
            {
                yield return line;
            }
        }
        foreach (byte[] line in gap)
        {
            yield return line;
        }
    }

    /// <summary>The line of all images of a row that shows their pixels of height y.</summary>
    private static byte[] Line(float[][] row, int y, ObservationShape shape, int scale, (float Black, float White) range, int width)
    {
        byte[] line = new byte[width];
        Array.Fill(line, White);
        for (int column = 0; column < row.Length; column++)
        {
            int left = Gap + (column * ((shape.Width * scale) + Gap));
            for (int x = 0; x < shape.Width && row[column].Length > 0; x++)
            {
                line.AsSpan(left + (x * scale), scale).Fill(Grey(row[column][(y * shape.Width) + x], range));
            }
        }
        return line;
    }
}
