using DiffusionVae.Data;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>Observations side by side on white, in 8 bits, enlarged without smoothing so that single pixels
/// can be seen.</summary>
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
        var picture = new ObservationPicture(shape, range);
        (long width, long height) = Size(columns, count, picture);
        if (!IsViewable(width, height))
        {
            throw new UsageException(Invariant(
                $"a sheet of {count} images would have {width} by {height} pixels, more than viewers open; ")
                + "ask for fewer, or for a .npy file.");
        }
        IEnumerable<byte[]> lines = Lines(columns, images, picture, (int)width);
        AtomicFile.Write(path, stream => PngWriter.Write(stream, (int)width, (int)height, picture.Channels, lines));
    }

    /// <summary>How many images to put into a row: up to some, and more where the sheet would be too
    /// long.</summary>
    public static int Columns(long count, ObservationShape shape, int most)
    {
        int square = (int)Math.Ceiling(Math.Sqrt(count)), columns = Math.Clamp(square, 1, most);
        (long width, long height) = Size(columns, count, new ObservationPicture(shape, (0, 1)));
        return IsViewable(width, height) ? columns : square;
    }

    private static int Scale(ObservationPicture picture)
    {
        int least = Math.Min(picture.Height, picture.Width), greatest = Math.Max(picture.Height, picture.Width);
        return Math.Max(1, Math.Min((LeastSide + least - 1) / least, MostEnlarged / greatest));
    }

    private static (long Width, long Height) Size(int columns, long count, ObservationPicture picture)
    {
        int scale = Scale(picture);
        return ((columns * (((long)picture.Width * scale) + Gap)) + Gap,
            ((count + columns - 1) / columns * (((long)picture.Height * scale) + Gap)) + Gap);
    }

    private static bool IsViewable(long width, long height) => width <= MostSide && height <= MostSide && width * height <= MostPixels;

    private static IEnumerable<byte[]> Lines(int columns, IEnumerable<float[]> images, ObservationPicture picture, int width)
    {
        int scale = Scale(picture);
        byte[] white = new byte[width * picture.Channels];
        Array.Fill(white, White);
        IEnumerable<byte[]> gap = Enumerable.Repeat(white, Gap);
        foreach (float[][] row in images.Chunk(columns))
        {
            byte[][] drawn = [.. row.Select(image => image.Length > 0 ? picture.Draw(image) : [])];
            foreach (byte[] line in gap.Concat(
                Enumerable.Range(0, picture.Height).SelectMany(y => Enumerable.Repeat(Line(drawn, y, picture, scale, width), scale))))
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
    private static byte[] Line(byte[][] row, int y, ObservationPicture picture, int scale, int width)
    {
        int channels = picture.Channels;
        byte[] line = new byte[width * channels];
        Array.Fill(line, White);
        for (int column = 0; column < row.Length; column++)
        {
            int left = Gap + (column * ((picture.Width * scale) + Gap));
            for (int x = 0; x < picture.Width * scale && row[column].Length > 0; x++)
            {
                row[column].AsSpan(((y * picture.Width) + (x / scale)) * channels, channels).CopyTo(line.AsSpan((left + x) * channels));
            }
        }
        return line;
    }
}
