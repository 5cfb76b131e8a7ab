using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionVae.Data;

/// <summary>
/// Writes arrays in NumPy's format <c>.npy</c>, version 1.0: float32, little-endian, row by row.
/// </summary>
internal static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>Writes an array piece by piece, so that it need not be in memory as a whole.</summary>
    /// <param name="stream">The destination, which stays open.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <param name="pieces">The numbers in order, in pieces of any length.</param>
    /// <exception cref="ArgumentException">The pieces hold more or fewer numbers than the shape says. Part of
    /// the array is written then.</exception>
    public static void Write(Stream stream, IReadOnlyList<long> shape, IEnumerable<float[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(pieces);
        long expected = shape.Aggregate(1L, (product, length) => checked(product * length));
        stream.Write(Header(shape));
        long written = 0;
        foreach (float[] piece in pieces)
        {
            written += piece.Length;
            if (written > expected)
            {
                break;
            }
            stream.Write(LittleEndian(piece));
        }
        if (written != expected)
        {
            string found = written > expected ? "more" : Invariant($"{written}");
            throw new ArgumentException(
                Invariant($"expected {expected} numbers for the shape ({string.Join(", ", shape)}), found {found}"), nameof(pieces));
        }
    }

    private static byte[] Header(IReadOnlyList<long> shape)
    {
        string axes = string.Join(", ", shape) + (shape.Count == 1 ? "," : "");
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({axes}), }}";
        byte[] prefix = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        int length = prefix.Length + text.Length + 1;
        int padded = (length + Alignment - 1) / Alignment * Alignment;
        BinaryPrimitives.WriteUInt16LittleEndian(prefix.AsSpan(8), (ushort)(padded - prefix.Length));
        return [.. prefix, .. Encoding.ASCII.GetBytes(text.PadRight(text.Length + padded - length)), (byte)'\n'];
    }

    private static ReadOnlySpan<byte> LittleEndian(float[] numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes<float>(numbers);
        }
        byte[] bytes = new byte[sizeof(float) * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), numbers[i]);
        }
        return bytes;
    }
}
