using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DiffusionVae.Runs;

/// <summary>Makes the start of a safetensors file, up to the elements.</summary>
internal static class SafetensorsHeaderWriter
{
    /// <summary>Bytes of an element.</summary>
    /// <exception cref="ArgumentException">The type cannot be stored.</exception>
    public static int ElementSize(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        return SafetensorsHeader.Describe(tensor.dtype)?.Size
            ?? throw new ArgumentException($"expected tensor '{name}' to be of Float64, Int64, Float32, Int32 or Byte, found {tensor.dtype}", nameof(tensor));
    }

    /// <summary>Length, JSON and padding, with zeros for the checksum.</summary>
    public static byte[] Write(IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[SafetensorsHeader.LengthSize]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataName);
            json.WriteString(SafetensorsHeader.ChecksumName, new string('0', 2 * SHA256.HashSizeInBytes));
            HashSet<string> names = [SafetensorsHeader.ChecksumName];
            foreach ((string key, string value) in metadata)
            {
                CheckText(value);
                CheckName(key, names);
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            names = [SafetensorsHeader.MetadataName];
            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                CheckName(name, names);
                (string type, int size) = SafetensorsHeader.Describe(tensor.dtype)!.Value;
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                WriteArray(json, "shape", tensor.shape);
                WriteArray(json, "data_offsets", [offset, offset += tensor.numel() * size]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        byte[] header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.LengthSize);
        return header;
    }

    private static void CheckName(string name, HashSet<string> names)
    {
        CheckText(name);
        if (!names.Add(name))
        {
            throw new ArgumentException($"the name '{name}' is double or reserved", nameof(name));
        }
    }

    private static void CheckText(string text)
    {
        try
        {
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"a name or value is not valid text: '{text}'", nameof(text), e);
        }
    }

    private static void WriteArray(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
