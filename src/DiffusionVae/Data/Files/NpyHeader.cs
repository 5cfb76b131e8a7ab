using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionVae.Data;

/// <summary>The header of a .npy file, checked against the length of the file.</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="IsSwapped">Whether the byte order of an element differs from the processor's.</param>
/// <param name="Shape">[count, height, width], with no size 0.</param>
internal sealed partial record NpyHeader(ScalarType Type, bool IsSwapped, long[] Shape)
{
    /// <summary>NumPy's own default limit.</summary>
    private const int LongestText = 10_000;

    private const string Types = "|u1, <f4, >f4, <f8, >f8";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and leaves the file positioned at the elements.</summary>
    /// <exception cref="DataFormatException">The header is invalid, or not that of an array of
    /// images.</exception>
    public static NpyHeader Read(string path, FileStream file)
    {
        string text = ReadText(path, file);
        string type = Only(path, text, TypeEntry(), "descr").Trim('\'', '"');
        string order = Only(path, text, OrderEntry(), "fortran_order");
        string sizes = Only(path, text, ShapeEntry(), "shape");
        string rest = ShapeEntry().Replace(OrderEntry().Replace(TypeEntry().Replace(text, ""), ""), "");
        if (rest.Any(c => !char.IsWhiteSpace(c) && c is not ('{' or '}' or ',')))
        {
            throw new DataFormatException(path, $"expected a header with descr, fortran_order and shape alone, found also: {Shown(rest)}");
        }
        if (order != "False")
        {
            throw new DataFormatException(
                path, "expected an array in C order, found one in Fortran order; save it with numpy.ascontiguousarray");
        }
        (ScalarType scalar, int size) = type switch
        {
            "|u1" => (ScalarType.Byte, 1),
            "<f4" or ">f4" => (ScalarType.Float32, 4),
            "<f8" or ">f8" => (ScalarType.Float64, 8),
            _ => throw new DataFormatException(path, $"expected elements of type {Types}, found {Shown(type)}"),
        };
        long[] shape = [.. sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Size)];
        if (shape.Length != 3 || shape.Any(n => n is 0 or long.MaxValue))
        {
            const string expectedShape = "(count, height, width), at least one with at least one pixel";
            throw new DataFormatException(path, $"expected images of shape {expectedShape}, found ({Shown(sizes)})");
        }
        UInt128 expected = (UInt128)file.Position + ((UInt128)shape[0] * (UInt128)shape[1] * (UInt128)shape[2] * (UInt128)size);
        if ((UInt128)file.Length != expected)
        {
            string what = (UInt128)file.Length < expected ? "truncated" : "trailing bytes";
            string array = $"{type} of shape ({Shown(sizes)})";
            throw new DataFormatException(
                path, Invariant($"{what}: expected {expected} bytes for {array} and the header, found {file.Length}"));
        }
        return new NpyHeader(scalar, size > 1 && (type[0] == '<') != BitConverter.IsLittleEndian, shape);
    }

    /// <summary>
    /// Reads magic, version (two bytes), length (two bytes in version 1, four in the others), and a text of
    /// that length.
    /// </summary>
    private static string ReadText(string path, FileStream file)
    {
        Span<byte> start = stackalloc byte[12];
        int read = file.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (read < 10 || !start.StartsWith(Magic) || start[6] is < 1 or > 3)
        {
            throw new DataFormatException(
                path, "not a .npy file of version 1, 2 or 3: expected it to start with 93 4e 55 4d 50 59 and the version");
        }
        uint length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] > 1)
        {
            read += file.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false);
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (read + length > file.Length || length > LongestText)
        {
            long most = Math.Min(LongestText, file.Length - read);
            throw new DataFormatException(
                path, Invariant($"truncated or damaged: expected a header of at most {most} bytes, found {length}"));
        }
        byte[] text = new byte[length];
        file.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }

    private static string Only(string path, string text, Regex entry, string name) => entry.Matches(text) is [Match only]
        ? only.Groups[1].Value
        : throw new DataFormatException(path, $"expected a header with one {name}, found: {Shown(text)}");

    /// <summary>The start of a text from a file, without control characters, for a message.</summary>
    private static string Shown(string text)
    {
        const int most = 100;
        string plain = string.Concat(text.Trim().Select(c => char.IsControl(c) ? '?' : c));
        return plain.Length <= most ? plain : plain[..most] + "...";
    }

    /// <summary>
    /// A size of at most 32 bits, or the largest long. The product of three sizes of 32 bits and an element's
    /// size needs at most 128 bits.
    /// </summary>
    private static long Size(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= uint.MaxValue ? size : long.MaxValue;

    [GeneratedRegex("""['"]descr['"]\s*:\s*('[^'"]*'|"[^'"]*")""")]
    private static partial Regex TypeEntry();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderEntry();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9,\s]*)\)""")]
    private static partial Regex ShapeEntry();
}
