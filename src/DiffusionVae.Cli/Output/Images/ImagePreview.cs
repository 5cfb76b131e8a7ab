using DiffusionVae.Data;

namespace DiffusionVae.Cli.Output;

/// <summary>The first images of a set in letters, from dark to bright, to see at a glance how they were
/// read.</summary>
internal static class ImagePreview
{
    private const string Ramp = " .:-=+*#%@";
    private const int Images = 4;
    private const int MostRows = 14;
    private const int MostColumns = 28;

    /// <summary>Lines of letters, images side by side. A letter is twice as high as it is wide.</summary>
    public static IEnumerable<string> Lines(ImageSet images)
    {
        ObservationShape shape = images.Shape;
        float[][] first = Rows.OfSingles(images.Pixels[..(int)Math.Min(Images, images.Count)]);
        float least = first.Min(image => image.Min()), greatest = first.Max(image => image.Max());
        int columns = Math.Min(MostColumns, 2 * shape.Width);
        int rows = Math.Clamp(columns * shape.Height / (2 * shape.Width), 1, MostRows);
        for (int row = 0; row < rows; row++)
        {
            yield return string.Join("  ", first.Select(image => string.Concat(Enumerable.Range(0, columns).Select(column =>
                Letter(Brightness(image, shape, row * shape.Height / rows, column * shape.Width / columns), least, greatest))))).TrimEnd();
        }
    }

    private static float Brightness(float[] image, ObservationShape shape, int y, int x) => Enumerable.Range(0, shape.Channels)
        .Average(channel => image[(((channel * shape.Height) + y) * shape.Width) + x]);

    private static char Letter(float value, float least, float greatest) => greatest > least
        ? Ramp[(int)Math.Round((value - least) / (greatest - least) * (Ramp.Length - 1))]
        : Ramp[0];
}
