using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionVae.Data;

/// <summary>
/// Writes pictures, grey or in colour, as PNG (ISO/IEC 15948), row by row, so that even a tall picture needs
/// little memory.
/// </summary>
internal static class PngWriter
{
    private const int ChunkSize = 1 << 16;

    /// <summary>Writes a picture with 8 bits for each channel of a pixel.</summary>
    /// <param name="stream">The destination, which stays open.</param>
    /// <param name="width">Pixels of a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="rows">The rows from top to bottom. The caller may reuse an array for the next
    /// row.</param>
    /// <exception cref="ArgumentException">A row has another length, or the number of rows is wrong. Part of
    /// the picture is written then.</exception>
    public static void Write(Stream stream, int width, int height, int channels, IEnumerable<byte[]> rows)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        stream.Write([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits of a sample; the zeros at the end: deflate, adaptive filters, not interlaced
        header[9] = (byte)(channels == 3 ? 2 : 0); // the type of colour
        WriteChunk(stream, "IHDR"u8, header);
        int count = 0;
        using (var buffer = new BufferedStream(new Chunks(stream), ChunkSize))
        using (var packed = new ZLibStream(buffer, CompressionLevel.Optimal))
        {
            foreach (byte[] row in rows)
            {
                if (row.Length != width * channels || ++count > height)
                {
                    throw new ArgumentException(
                        Invariant($"expected {height} rows of {width} pixels, found one of {row.Length} as row {count}"), nameof(rows));
                }
                packed.WriteByte(0); // no filter
                packed.Write(row);
            }
        }
        if (count < height)
        {
            throw new ArgumentException(Invariant($"expected {height} rows, found {count}"), nameof(rows));
        }
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), content));
        stream.Write(number);
    }

    /// <summary>Writes each piece of compressed data as one chunk.</summary>
    private sealed class Chunks(Stream stream) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => WriteChunk(stream, "IDAT"u8, buffer);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
