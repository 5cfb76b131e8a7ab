using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionVae.Data;

/// <summary>The header of a .npy file, checked against the length of the file.</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="IsFortran">Whether the first index runs fastest, not the last.</param>
/// <param name="Shape">At least one size, none of them 0.</param>
internal sealed partial record NpyHeader(NpyType Type, bool IsFortran, long[] Shape)
{
    /// <summary>NumPy's own default limit.</summary>
    private const int LongestText = 10_000;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and leaves the file positioned at the elements.</summary>
    /// <exception cref="DataFormatException">The header is invalid, or that of an array of other things than
    /// numbers.</exception>
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
        NpyType elements = NpyType.Parse(type) ?? throw new DataFormatException(
            path, $"expected numbers of type {NpyType.Usage}; found {Shown(type)}; array.astype('float32') converts");
        long[] shape = [.. sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Size)];
        if (shape.Length == 0 || shape.Any(n => n is 0 or long.MaxValue))
        {
            throw new DataFormatException(path, $"expected a shape of positive sizes, found ({Shown(sizes)})");
        }
        BigInteger expected = file.Position + shape.Aggregate(new BigInteger(elements.Size), (product, n) => product * n);
        if (file.Length != expected)
        {
            string what = file.Length < expected ? "truncated" : "trailing bytes";
            string array = $"{type} of shape ({Shown(sizes)})";
            throw new DataFormatException(
                path, Invariant($"{what}: expected {expected} bytes for {array} and the header, found {file.Length}"));
        }
        return new NpyHeader(elements, order == "True", shape);
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

    /// <summary>A size of at most 32 bits, or the largest long.</summary>
    private static long Size(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= uint.MaxValue ? size : long.MaxValue;

    [GeneratedRegex("""['"]descr['"]\s*:\s*('[^'"]*'|"[^'"]*")""")]
    private static partial Regex TypeEntry();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderEntry();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9,\s]*)\)""")]
    private static partial Regex ShapeEntry();
}
