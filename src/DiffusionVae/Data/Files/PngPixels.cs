namespace DiffusionVae.Data;

/// <summary>Converts the decompressed lines of a PNG image to grey values.</summary>
internal sealed class PngPixels(string path, PngHeader header, byte[] palette)
{
    /// <summary>The grey values, row by row.</summary>
    /// <param name="lines">The lines of all passes, each after the byte that names its filter. They are
    /// overwritten.</param>
    /// <exception cref="DataFormatException">A filter or a colour does not exist.</exception>
    public float[] Decode(byte[] lines)
    {
        RequirePalette();
        float[] pixels = new float[header.Width * header.Height];
        int start = 0;
        foreach ((int x, int y, int stepX, int stepY, int width, int height) in header.Passes)
        {
            int length = (int)header.BytesOfLine(width);
            Span<byte> above = new byte[length];
            for (int row = 0; row < height; row++)
            {
                Span<byte> line = lines.AsSpan(start + 1, length);
                Unfilter(lines[start], line, above);
                for (int column = 0; column < width; column++)
                {
                    pixels[((y + (row * stepY)) * header.Width) + x + (column * stepX)] = Grey(line, column);
                }
                above = line;
                start += 1 + length;
            }
        }
        return pixels;
    }

    private void RequirePalette()
    {
        if (header.Colour == PngColour.Palette && (palette.Length is 0 or > 768 || palette.Length % 3 != 0))
        {
            throw new DataFormatException(
                path, Invariant($"expected a palette of 1 to 256 colours, 3 bytes each, found {palette.Length} bytes"));
        }
    }

    /// <summary>Adds to each byte what was foretold from the bytes before it and above it.</summary>
    private void Unfilter(byte filter, Span<byte> line, ReadOnlySpan<byte> above)
    {
        int step = header.BytesPerPixel;
        for (int i = 0; i < line.Length; i++)
        {
            int left = i < step ? 0 : line[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
            line[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new DataFormatException(path, Invariant($"expected a filter from 0 to 4, found {filter}")),
            });
        }
    }

    /// <summary>The one of the three numbers that is nearest to left + up - corner.</summary>
    private static int Paeth(int left, int up, int corner)
    {
        (int a, int b, int c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private float Grey(ReadOnlySpan<byte> line, int column)
    {
        int first = column * header.Channels;
        return header.Colour switch
        {
            PngColour.Palette => Colour(Sample(line, first)),
            PngColour.Grey or PngColour.GreyAlpha => (float)Sample(line, first) / ((1 << header.Depth) - 1),
            _ => Luma(Sample(line, first), Sample(line, first + 1), Sample(line, first + 2), (1 << header.Depth) - 1),
        };
    }

    private float Colour(int index) => 3 * index < palette.Length
        ? Luma(palette[3 * index], palette[(3 * index) + 1], palette[(3 * index) + 2], byte.MaxValue)
        : throw new DataFormatException(
            path, Invariant($"expected a colour from 0 to {(palette.Length / 3) - 1}, the last of the palette, found {index}"));

    /// <summary>
    /// The luma. The sum is in integers, so that equal parts give exactly the same as grey.
    /// </summary>
    private static float Luma(int red, int green, int blue, int most) =>
        (float)(((299L * red) + (587L * green) + (114L * blue)) / (1000.0 * most));

    private int Sample(ReadOnlySpan<byte> line, int index) => header.Depth switch
    {
        16 => (line[2 * index] << 8) | line[(2 * index) + 1],
        8 => line[index],
        // Samples go from the high bits of a byte to the low ones.
        int depth => (line[index * depth / 8] >> (8 - depth - (index * depth % 8))) & ((1 << depth) - 1),
    };
}
