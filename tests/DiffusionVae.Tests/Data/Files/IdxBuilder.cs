using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionVae.Tests.Data;

/// <summary>Makes small IDX files.</summary>
internal static class IdxBuilder
{
    /// <summary>Pixels 0, 1, 2, ... modulo 256.</summary>
    public static byte[] Images(uint count, uint height, uint width) =>
        [.. Header(0x08, count, height, width), .. Elements(count * height * width)];

    public static byte[] Labels(uint count) => [.. Header(0x08, count), .. Elements(count).Select(b => (byte)(b % 10))];

    /// <summary>Labels as QMNIST has them: rows of eight big-endian numbers, the class first.</summary>
    public static byte[] LabelRows(params byte[] classes) =>
        [.. Header(0x0C, (uint)classes.Length, 8), .. classes.SelectMany(label => (byte[])[0, 0, 0, label, .. Elements(28)])];

    public static byte[] Header(byte type, params uint[] sizes)
    {
        byte[] header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (type, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return header;
    }

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, level))
        {
            gzip.Write(content);
        }

        return buffer.ToArray();
    }

    private static byte[] Elements(uint count) => [.. Enumerable.Range(0, (int)count).Select(i => (byte)i)];
}
