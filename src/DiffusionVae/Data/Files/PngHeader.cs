using System.Buffers.Binary;

namespace DiffusionVae.Data;

/// <summary>The header of a PNG image, the content of its chunk IHDR.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColour Colour, bool IsInterlaced)
{
    /// <summary>A limit, because a small file can announce billions of equal pixels.</summary>
    private const uint MostPixels = 1 << 24;

    /// <summary>Adam7: the first column and row of each pass, and the steps to the next.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The number of samples of a pixel.</summary>
    public int Channels => Colour switch
    {
        PngColour.Grey or PngColour.Palette => 1,
        PngColour.GreyAlpha => 2,
        PngColour.Rgb => 3,
        _ => 4,
    };

    /// <summary>
    /// The distance in bytes to the same sample of the pixel before, at least 1. Filters use it.
    /// </summary>
    public int BytesPerPixel => Math.Max(1, Channels * Depth / 8);

    /// <summary>
    /// The passes that have pixels: their first column and row, their steps, and their numbers of columns and
    /// rows.
    /// </summary>
    public IEnumerable<(int X, int Y, int StepX, int StepY, int Width, int Height)> Passes =>
        from pass in IsInterlaced ? Adam7 : [(0, 0, 1, 1)]
        let width = (Width - pass.X + pass.StepX - 1) / pass.StepX
        let height = (Height - pass.Y + pass.StepY - 1) / pass.StepY
        where width > 0 && height > 0
        select (pass.X, pass.Y, pass.StepX, pass.StepY, width, height);

    /// <summary>
    /// The number of bytes of all lines of all passes. Each line has one more byte before it, which names its
    /// filter.
    /// </summary>
    public int Length => Passes.Sum(pass => pass.Height * (1 + BytesOfLine(pass.Width)));

    /// <summary>The number of bytes of a line of a given number of pixels.</summary>
    public int BytesOfLine(int width) => ((width * Channels * Depth) + 7) / 8;

    /// <summary>Reads the content of IHDR.</summary>
    /// <exception cref="DataFormatException">The header is invalid.</exception>
    public static PngHeader Parse(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
        {
            throw new DataFormatException(path, Invariant($"expected 13 bytes in the chunk IHDR, found {content.Length}"));
        }
        (uint width, uint height) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
        if (width == 0 || height == 0 || (ulong)width * height > MostPixels)
        {
            throw new DataFormatException(path, Invariant($"expected an image of 1 to {MostPixels} pixels, found {height} by {width}"));
        }
        (int depth, var colour) = (content[8], (PngColour)content[9]);
        bool allowed = colour switch
        {
            PngColour.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => depth is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.Rgba => depth is 8 or 16,
            _ => false,
        };
        return allowed && content[10] == 0 && content[11] == 0 && content[12] <= 1
            ? new PngHeader((int)width, (int)height, depth, colour, content[12] == 1)
            : throw new DataFormatException(path, Invariant(
                $"impossible: bit depth {depth}, colour type {content[9]}, compression {content[10]}, filter {content[11]}, ")
                + Invariant($"interlace {content[12]}"));
    }
}
