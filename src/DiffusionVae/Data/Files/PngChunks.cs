using System.Buffers.Binary;
using System.Text;

namespace DiffusionVae.Data;

/// <summary>The chunks of a PNG file that a decoder needs, with verified checksums.</summary>
/// <param name="Header">The content of IHDR.</param>
/// <param name="Palette">The content of PLTE; empty if there is none.</param>
/// <param name="Data">The joined content of all IDAT.</param>
internal sealed record PngChunks(byte[] Header, byte[] Palette, byte[] Data)
{
    private const int Frame = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Reads a file up to IEND and ignores the rest.</summary>
    /// <exception cref="DataFormatException">The file is not a PNG file, or is damaged, or has an unknown
    /// chunk that a decoder must not ignore.</exception>
    public static PngChunks Read(string path)
    {
        ReadOnlyMemory<byte> rest = ReadAll(path);
        if (!rest.Span.StartsWith(Signature))
        {
            throw new DataFormatException(path, "not a PNG file: expected it to start with 89 50 4e 47 0d 0a 1a 0a");
        }
        rest = rest[Signature.Length..];
        byte[] header = [], palette = [];
        using var data = new MemoryStream();
        for (bool isFirst = true; ; isFirst = false)
        {
            (string type, ReadOnlyMemory<byte> content) = Next(path, rest);
            rest = rest[(Frame + content.Length)..];
            if (isFirst != (type == "IHDR"))
            {
                throw new DataFormatException(path, $"expected the chunk IHDR at the start and there alone, found {type}");
            }
            switch (type)
            {
                case "IHDR": header = content.ToArray(); break;
                case "PLTE": palette = content.ToArray(); break;
                case "IDAT": data.Write(content.Span); break;
                case "IEND": return new PngChunks(header, palette, data.ToArray());
                case [>= 'A' and <= 'Z', ..]:
                    throw new DataFormatException(path, $"it cannot be shown without its chunk {type}, which is unknown");
            }
        }
    }

    private static byte[] ReadAll(string path)
    {
        using FileStream file = DataFiles.Open(path);
        if (file.Length > Array.MaxLength)
        {
            throw new DataFormatException(path, Invariant($"too large: expected at most {Array.MaxLength} bytes, found {file.Length}"));
        }
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Length (four bytes), type (four letters), content, CRC-32 of type and content.</summary>
    private static (string Type, ReadOnlyMemory<byte> Content) Next(string path, ReadOnlyMemory<byte> rest)
    {
        uint length = rest.Length < Frame ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
        if (length > rest.Length - Frame)
        {
            throw new DataFormatException(path, "truncated: it ends before its chunk IEND");
        }
        ReadOnlySpan<byte> summed = rest.Span.Slice(4, 4 + (int)length);
        string type = Encoding.ASCII.GetString(summed[..4]);
        if (!type.All(char.IsAsciiLetter))
        {
            string found = Convert.ToHexStringLower(summed[..4]);
            throw new DataFormatException(path, $"damaged: expected a chunk with a name of four letters, found {found}");
        }
        return Crc32.Append(0, summed) == BinaryPrimitives.ReadUInt32BigEndian(rest.Span[(8 + (int)length)..])
            ? (type, rest.Slice(8, (int)length))
            : throw new DataFormatException(path, $"damaged: its chunk {type} does not have the CRC-32 that the file says");
    }
}
