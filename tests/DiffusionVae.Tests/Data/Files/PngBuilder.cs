using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

/// <summary>Makes PNG files of every kind: of samples, with filters that change from line to line.</summary>
internal static class PngBuilder
{
    /// <summary>Samples of a pixel by colour type.</summary>
    public static int Channels(int colour) => colour switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };

    /// <summary>Every colour type with every bit depth that it may have.</summary>
    public static IEnumerable<(int Colour, int Depth)> Kinds =>
        new[] { (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8),
            (6, 16) };

    /// <summary>A file, whose samples are a function of row, column and channel.</summary>
    public static byte[] File(
        int height, int width, int colour, int depth, Func<int, int, int, int> sample, byte[]? palette = null, bool interlaced = false)
    {
        byte[] lines = [.. Passes(interlaced).SelectMany(pass => Lines(pass, height, width, colour, depth, sample))];
        byte[] header = [.. BigEndian(width), .. BigEndian(height), (byte)depth, (byte)colour, 0, 0, (byte)(interlaced ? 1 : 0)];
        // The compressed image in two pieces, and a chunk that nobody needs to know.
        byte[] packed = Zlib(lines);
        return
        [
            .. Signature, .. Chunk("IHDR", header), .. palette is null ? [] : Chunk("PLTE", palette),
            .. Chunk("tEXt", "Comment\0none"u8.ToArray()),
            .. Chunk("IDAT", packed[..(packed.Length / 2)]), .. Chunk("IDAT", packed[(packed.Length / 2)..]), .. Chunk("IEND", []),
        ];
    }

    public static byte[] Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] summed = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. BigEndian(content.Length), .. summed, .. BigEndian((int)Crc32.Append(0, summed))];
    }

    public static byte[] Zlib(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            zlib.Write(bytes);
        }
        return packed.ToArray();
    }

    public static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static (int X, int Y, int StepX, int StepY)[] Passes(bool interlaced) => interlaced
        ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        : [(0, 0, 1, 1)];

    private static IEnumerable<byte> Lines(
        (int X, int Y, int StepX, int StepY) pass, int height, int width, int colour, int depth, Func<int, int, int, int> sample)
    {
        int channels = Channels(colour), step = Math.Max(1, channels * depth / 8);
        byte[]? above = null;
        for (int y = pass.Y; y < height && pass.X < width; y += pass.StepY)
        {
            List<byte> line = [];
            int bits = 0, count = 0;
            for (int x = pass.X; x < width; x += pass.StepX)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    (bits, count) = ((bits << depth) | sample(y, x, channel), count + depth);
                    while (count >= 8)
                    {
                        count -= 8;
                        line.Add((byte)(bits >> count));
                    }
                    bits &= (1 << count) - 1;
                }
            }
            if (count > 0)
            {
                line.Add((byte)(bits << (8 - count)));
            }
            byte[] raw = [.. line];
            above ??= new byte[raw.Length];
            int filter = y % 5;
            yield return (byte)filter;
            for (int i = 0; i < raw.Length; i++)
            {
                int left = i < step ? 0 : raw[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
                yield return (byte)(raw[i] - filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ =>
                    Nearest(left + up - corner, left, up, corner) });
            }
            above = raw;
        }
    }

    private static int Nearest(int to, params int[] values) => values.MinBy(value => Math.Abs(value - to));
}
