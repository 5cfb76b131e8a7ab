using System.IO.Compression;

namespace DiffusionVae.Data;

/// <summary>
/// Reads PNG images as grey values (ISO/IEC 15948): every colour type and bit depth, interlaced or not.
/// Colours are converted to grey by the luma of Rec. ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B. Transparency,
/// gamma and colour profiles are ignored, like in Pillow's <c>convert("L")</c>.
/// </summary>
/// <remarks>
/// Checksums are verified. Reading takes no more memory than the content of the file needs, whatever its
/// header says.
/// </remarks>
public static class PngFile
{
    /// <summary>Reads an image.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Grey values from 0 to 1, float32, of shape [height, width]. The caller owns the
    /// tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a complete and valid PNG
    /// image.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PngChunks chunks = PngChunks.Read(path);
        PngHeader header = PngHeader.Parse(path, chunks.Header);
        byte[] lines = Inflate(path, chunks.Data, header);
        using var scope = torch.NewDisposeScope();
        float[] pixels = new PngPixels(path, header, chunks.Palette).Decode(lines);
        return torch.tensor(pixels).reshape(header.Height, header.Width).MoveToOuterDisposeScope();
    }

    /// <summary>The filtered lines of all passes.</summary>
    private static byte[] Inflate(string path, byte[] data, PngHeader header)
    {
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        byte[] lines;
        bool more;
        try
        {
            lines = BoundedRead.Read(header.Length, buffer => zlib.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            more = zlib.ReadByte() >= 0;
        }
        catch (InvalidDataException fault)
        {
            throw new DataFormatException(path, "the compressed image is corrupt", fault);
        }
        return lines.Length == header.Length && !more
            ? lines
            : throw new DataFormatException(
                path, Invariant($"expected {Expected(header)} when decompressed, found {(more ? "more" : lines.Length)}"));
    }

    private static string Expected(PngHeader header) => Invariant($"{header.Length} bytes for {header.Height} by {header.Width} pixels");
}
