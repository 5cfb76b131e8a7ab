using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionVae.Data;

/// <summary>
/// Reads the content of a file that may be gzipped, which its first two bytes, 1f 8b, tell.
/// <see cref="GZipStream"/> does not notice that a file is truncated or has trailing bytes. This reader does:
/// it compares length and CRC-32 of the content with the last eight bytes of the file. A gzip may have
/// several members one after another, as <c>cat a.gz b.gz</c> makes them; then these bytes are of the last.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    /// <summary>Deflate expands one byte to at most 1032 bytes (two bits to 258 bytes).</summary>
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

    /// <summary>For error messages: where the bytes were counted.</summary>
    public string Where => gzip is null ? "" : " when decompressed";

    /// <summary>
    /// The largest possible length of the content; the exact length if the file is not compressed.
    /// </summary>
    public long LongestContent =>
        gzip is null ? file.Length : Math.Min(file.Length, long.MaxValue / HighestRatio) * HighestRatio;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFormatException">The file does not exist, is a folder, is not a regular file, or
    /// is empty.</exception>
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

    /// <summary>Fills the buffer from the content, unless the content ends before.</summary>
    /// <returns>The number of bytes read; less than the length of the buffer only at the end of the
    /// content.</returns>
    /// <exception cref="DataFormatException">The compressed data are corrupt or fail their
    /// checksum.</exception>
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

    /// <summary>
    /// Checks, once the content is read to its end, that length and checksum agree with those in the file.
    /// </summary>
    /// <exception cref="DataFormatException">The gzip is truncated, altered, or followed by other
    /// bytes.</exception>
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
        bool isWhole = expectedLength == (uint)position && expectedCrc == crc;
        if (!isWhole && !IsEndOfLastMember(expectedLength, expectedCrc))
        {
            string expected = Invariant($"it ends with CRC-32 {expectedCrc:x8} and length {expectedLength}");
            string found = Invariant($"its content has {crc:x8} and {position}");
            throw new DataFormatException(
                path, $"the gzip is cut short, corrupt or followed by other bytes: {expected}, {found}");
        }
    }

    /// <summary>Whether so many of the last bytes of the content have a CRC-32: those of the last of several
    /// members. The decompressor checks the CRC-32 of each member that another one follows.</summary>
    private bool IsEndOfLastMember(uint length, uint expectedCrc)
    {
        // A member without content ends like bytes of padding.
        if (length == 0 || length >= position)
        {
            return false;
        }
        file.Position = 0;
        using var again = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        byte[] buffer = new byte[1 << 16];
        uint found = 0;
        for (long left = position; left > 0;)
        {
            // Up to the start of the last member, and then from there.
            long until = left > length ? left - length : left;
            int read = again.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, until)));
            if (read == 0)
            {
                return false;
            }
            found = left > length ? 0 : Crc32.Append(found, buffer.AsSpan(0, read));
            left -= read;
        }
        return found == expectedCrc;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gzip?.Dispose();
        file.Dispose();
    }
}
