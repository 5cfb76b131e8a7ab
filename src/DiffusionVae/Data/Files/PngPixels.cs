namespace DiffusionVae.Data;

/// <summary>Converts the decompressed lines of a PNG image to grey values or colours.</summary>
internal sealed class PngPixels(string path, PngHeader header, byte[] palette)
{
    /// <summary>What the samples of grey or colour are divided by.</summary>
    private readonly int most = header.Colour == PngColour.Palette ? byte.MaxValue : (1 << header.Depth) - 1;

    /// <summary>The values, row by row: grey; or first all of red, then of green, then of blue.</summary>
    /// <param name="lines">The lines of all passes, each after the byte that names its filter. They are
    /// overwritten.</param>
    /// <param name="inColour">Whether to give colours, unless every pixel is grey.</param>
    /// <exception cref="DataFormatException">A filter or a colour does not exist, or only transparency shapes
    /// the image.</exception>
    public float[] Decode(byte[] lines, bool inColour)
    {
        RequirePalette();
        int count = header.Width * header.Height;
        var samples = new (ushort Red, ushort Green, ushort Blue)[count];
        (int least, int greatest) = (int.MaxValue, int.MinValue);
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
                    samples[((y + (row * stepY)) * header.Width) + x + (column * stepX)] = Colour(line, column);
                    int opacity = Opacity(line, column);
                    (least, greatest) = (Math.Min(least, opacity), Math.Max(greatest, opacity));
                }
                above = line;
                start += 1 + length;
            }
        }
        if (least < greatest && Array.TrueForAll(samples, sample => sample == samples[0]))
        {
            throw new DataFormatException(
                path, "all its pixels have one colour, and only its transparency, which is not read, shapes it; "
                + "put it on white (mogrify -background white -alpha remove)");
        }
        bool isGrey = !inColour || Array.TrueForAll(samples, sample => sample.Red == sample.Green && sample.Red == sample.Blue);
        return isGrey
            ? Array.ConvertAll(samples, sample => Luma(sample.Red, sample.Green, sample.Blue))
            : [.. samples.Select(sample => Share(sample.Red)), .. samples.Select(sample => Share(sample.Green)),
                .. samples.Select(sample => Share(sample.Blue))];
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

    private (ushort Red, ushort Green, ushort Blue) Colour(ReadOnlySpan<byte> line, int column)
    {
        int first = column * header.Channels;
        return header.Colour switch
        {
            PngColour.Palette => OfPalette(Sample(line, first)),
            PngColour.Grey or PngColour.GreyAlpha => (Sample(line, first), Sample(line, first), Sample(line, first)),
            _ => (Sample(line, first), Sample(line, first + 1), Sample(line, first + 2)),
        };
    }

    private int Opacity(ReadOnlySpan<byte> line, int column) => header.Colour is PngColour.GreyAlpha or PngColour.Rgba
        ? Sample(line, ((column + 1) * header.Channels) - 1)
        : most;

    private (ushort Red, ushort Green, ushort Blue) OfPalette(int index) => 3 * index < palette.Length
        ? (palette[3 * index], palette[(3 * index) + 1], palette[(3 * index) + 2])
        : throw new DataFormatException(
            path, Invariant($"expected a colour from 0 to {(palette.Length / 3) - 1}, the last of the palette, found {index}"));

    private float Share(int sample) => (float)sample / most;

    /// <summary>
    /// The luma. The sum is in integers, so that equal parts give exactly the same as grey.
    /// </summary>
    private float Luma(int red, int green, int blue) => red == green && red == blue
        ? Share(red)
        : (float)(((299L * red) + (587L * green) + (114L * blue)) / (1000.0 * most));

    private ushort Sample(ReadOnlySpan<byte> line, int index) => header.Depth switch
    {
        16 => (ushort)((line[2 * index] << 8) | line[(2 * index) + 1]),
        8 => line[index],
        // Samples go from the high bits of a byte to the low ones.
        int depth => (ushort)((line[index * depth / 8] >> (8 - depth - (index * depth % 8))) & ((1 << depth) - 1)),
    };
}
