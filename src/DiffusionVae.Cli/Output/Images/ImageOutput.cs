using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Output;

/// <summary>A file of images: a sheet to look at (.png), or an array of numbers (.npy, [images, height,
/// width]).</summary>
/// <param name="Path">The file.</param>
internal sealed record ImageOutput(string Path)
{
    private const int MostColumns = 16;

    /// <summary>As many images decide which values a sheet shows as black and white.</summary>
    private const int Measured = 256;

    /// <exception cref="FormatException">The name does not say what the file is to hold.</exception>
    public static ImageOutput Parse(string path) =>
        path.EndsWith(".png", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? new ImageOutput(path)
            : throw new FormatException("a file that ends in .png or .npy");

    /// <summary>Writes images one after another, never all at once in memory.</summary>
    /// <param name="count">How many.</param>
    /// <param name="images">Makes them from the beginning; one without pixels is a blank on a sheet and NaN
    /// in an array.</param>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="columns">Images of a row of the sheet; null for a sheet that is about square, up to 16
    /// images wide.</param>
    public void Write(long count, Func<IEnumerable<float[]>> images, ObservationShape shape, int? columns = null)
    {
        if (Path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            float[] blank = new float[shape.Size];
            Array.Fill(blank, float.NaN);
            AtomicFile.Write(Path, stream =>
                NpyWriter.Write(stream, [count, .. shape.Axes], images().Select(image => image.Length > 0 ? image : blank)));
            return;
        }
        int wide = columns ?? ImageSheet.Columns(count, shape, MostColumns);
        ImageSheet.Write(Path, wide, count, images(), shape, ObservationPicture.RangeOf(images().Take(Measured), shape));
    }
}
