using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionVae.Data;

/// <summary>
/// The content of a file that may be gzipped (told by its first two bytes, 1f 8b). <see cref="GZipStream"/> takes a file cut short for its end
/// and ignores what follows it; this reader checks length and CRC-32 of the content against the last eight bytes of the file.
/// A gzip of several members is refused for the same reason.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    /// <summary>Deflate turns one byte into at most 1032 (two bits into 258 bytes).</summary>
    private const long HighestRatio = 1032;

    private readonly string path;
    private readonly FileStream file;
    private readonly GZipStream? gzip;
    private uint crc;
    private long position;

    private ContentReader(string path, FileStream file, bool compressed)
    {
        this.path = path;
        this.file = file;
        gzip = compressed ? new GZipStream(file, CompressionMode.Decompress) : null;
    }

    /// <summary>Says in an error message where the bytes were counted.</summary>
    public string Where => gzip is null ? "" : " when decompressed";

    /// <summary>The most bytes the content can have: exactly that many if the file is not compressed.</summary>
    public long LongestContent =>
        gzip is null ? file.Length : Math.Min(file.Length, long.MaxValue / HighestRatio) * HighestRatio;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFormatException">The file does not exist, is a folder, is not a regular file, or is empty.</exception>
    public static ContentReader Open(string path)
    {
        FileStream file = DataFiles.Open(path);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            bool compressed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
            file.Position = 0;
            return new ContentReader(path, file, compressed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer from the content, unless that ends first.</summary>
    /// <returns>How many bytes were read; less than the buffer takes only at the end of the content.</returns>
    /// <exception cref="DataFormatException">The compressed data make no sense or fail their checksum.</exception>
    public int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = ((Stream?)gzip ?? file).ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "the gzip is corrupt: its data cannot be decompressed, or fail their CRC-32", e);
        }

        position += read;
        if (gzip is not null)
        {
            crc = Crc32.Append(crc, buffer[..read]);
        }

        return read;
    }

    /// <summary>To be called when the content is read to its end: checks that the file says so as well.</summary>
    /// <exception cref="DataFormatException">A gzip that was cut short, altered, or followed by something.</exception>
    public void CheckEnd()
    {
        if (gzip is null)
        {
            return;
        }

        Span<byte> trailer = stackalloc byte[8];
        if (file.Length >= trailer.Length)
        {
            file.Position = file.Length - trailer.Length;
            file.ReadExactly(trailer);
        }

        uint expectedCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint expectedLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (expectedLength != (uint)position || expectedCrc != crc)
        {
            throw new DataFormatException(path, Invariant(
                $"the gzip is cut short, corrupt or followed by other bytes: it ends with CRC-32 {expectedCrc:x8} and length {expectedLength}, ")
                + Invariant($"its content has {crc:x8} and {position}"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gzip?.Dispose();
        file.Dispose();
    }
}
