using System.IO.Compression;

namespace DiffusionVae.Data;

/// <summary>
/// Reads PNG images (ISO/IEC 15948): every colour type and bit depth, interlaced or not. Colours become grey
/// by the luma of Rec. ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B. Gamma and colour profiles are ignored, and
/// so is transparency, like in Pillow's <c>convert("L")</c> and <c>convert("RGB")</c>; an image of one colour
/// that only its transparency shapes is refused.
/// </summary>
/// <remarks>
/// Checksums are verified. Reading takes no more memory than the content of the file needs, whatever its
/// header says.
/// </remarks>
public static class PngFile
{
    /// <summary>Reads an image as grey values.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Grey values from 0 to 1, float32, of shape [height, width]. The caller owns the
    /// tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a complete and valid PNG
    /// image.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor Read(string path) => Read(path, inColour: false);

    /// <summary>Reads an image in colour, if it has any.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Values from 0 to 1, float32: [3, height, width], red, green and blue; or [height, width] if
    /// every pixel is grey. The caller owns the tensor.</returns>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static Tensor ReadColour(string path) => Read(path, inColour: true);

    private static Tensor Read(string path, bool inColour)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PngChunks chunks = PngChunks.Read(path);
        PngHeader header = PngHeader.Parse(path, chunks.Header);
        byte[] lines = Inflate(path, chunks.Data, header);
        using var scope = torch.NewDisposeScope();
        float[] values = new PngPixels(path, header, chunks.Palette).Decode(lines, inColour);
        Tensor pixels = torch.tensor(values);
        return (values.Length == header.Height * header.Width
            ? pixels.reshape(header.Height, header.Width)
            : pixels.reshape(3, header.Height, header.Width)).MoveToOuterDisposeScope();
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
