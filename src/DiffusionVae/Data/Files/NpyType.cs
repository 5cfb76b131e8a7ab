using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DiffusionVae.Data;

/// <summary>The type of the elements of a .npy file: a number of some size, in either byte order.</summary>
/// <param name="Kind">b (true or false), i (signed), u (unsigned) or f (float).</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsSwapped">Whether the byte order differs from the processor's.</param>
internal sealed partial record NpyType(char Kind, int Size, bool IsSwapped)
{
    /// <summary>The allowed types, for messages.</summary>
    public const string Usage = "b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8, with <, > or = for the byte order";

    /// <summary>
    /// The type of tensor that holds every value. libtorch has no unsigned numbers but bytes.
    /// </summary>
    public ScalarType Tensor => (Kind, Size) switch
    {
        ('b', _) => ScalarType.Bool,
        ('u', 1) => ScalarType.Byte,
        ('i', 1) => ScalarType.Int8,
        ('i', 2) => ScalarType.Int16,
        ('i', 4) or ('u', 2) => ScalarType.Int32,
        ('i', _) or ('u', _) => ScalarType.Int64,
        ('f', 2) => ScalarType.Float16,
        ('f', 4) => ScalarType.Float32,
        _ => ScalarType.Float64,
    };

    /// <summary>Reads what NumPy writes or understands; null if it is another type.</summary>
    public static NpyType? Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }
        (string order, char kind, int size) = (match.Groups[1].Value, match.Groups[2].Value[0], match.Groups[3].Value[0] - '0');
        bool exists = (kind, size) is ('b', 1) or ('i' or 'u', _) or ('f', not 1) && (order != "|" || size == 1);
        // Without a sign, the order is that of the processor, as in NumPy.
        bool isSwapped = size > 1 && order is "<" or ">" && (order == "<") != BitConverter.IsLittleEndian;
        return exists ? new NpyType(kind, size, isSwapped) : null;
    }

    /// <summary>Turns elements into the processor's byte order.</summary>
    public void Swap(Span<byte> bytes)
    {
        switch (IsSwapped ? Size : 1)
        {
            case 2:
                Span<short> halves = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(halves, halves);
                break;
            case 4:
                Span<int> words = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                Span<long> wide = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(wide, wide);
                break;
        }
    }

    [GeneratedRegex("^([<>=|]?)([biuf])([1248])$")]
    private static partial Regex Form();
}
