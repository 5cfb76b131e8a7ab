using System.Buffers.Binary;
using System.Text;

namespace DiffusionVae.Tests.Data;

/// <summary>Makes .npy files as NumPy does.</summary>
internal static class NpyBuilder
{
    /// <summary>
    /// A file of the values 0, 1, 2, ... (modulo 256 for bytes), divided by a number for floats.
    /// </summary>
    public static byte[] Images(string type, params int[] shape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        return File(Header(type, shape), [.. Enumerable.Range(0, count).SelectMany(i => Element(type, i))]);
    }

    public static string Header(string type, params int[] shape) =>
        $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}";

    public static byte[] File(string header, byte[] elements, int version = 1)
    {
        int lengthSize = version == 1 ? 2 : 4;
        string text = header.PadRight(((header.Length + 8 + lengthSize) / 64 * 64) + 63 - 8 - lengthSize) + "\n";
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length[..lengthSize], .. Encoding.UTF8.GetBytes(text), .. elements];
    }

    private static byte[] Element(string type, int value)
    {
        byte[] bytes = type[^2..] switch
        {
            "f2" => BitConverter.GetBytes((Half)(value / 8f)),
            "f4" => BitConverter.GetBytes(value / 8f),
            "f8" => BitConverter.GetBytes(value / 8.0),
            "i2" or "u2" => BitConverter.GetBytes((short)value),
            "i4" or "u4" => BitConverter.GetBytes(value),
            "i8" or "u8" => BitConverter.GetBytes((long)value),
            "b1" => [(byte)(value % 2)],
            _ => [(byte)value],
        };
        return type[0] == '>' && BitConverter.IsLittleEndian ? [.. bytes.Reverse()] : bytes;
    }
}
