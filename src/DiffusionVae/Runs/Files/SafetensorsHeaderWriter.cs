using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DiffusionVae.Runs;

/// <summary>Makes the start of a safetensors file, up to the elements.</summary>
internal static class SafetensorsHeaderWriter
{
    /// <summary>Length, JSON and padding, with zeros for the checksum.</summary>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="metadata">What else goes into the header.</param>
    /// <param name="ordered">The tensors in the order in which their elements have to follow.</param>
    /// <exception cref="ArgumentException">A name or element type cannot be stored.</exception>
    public static byte[] Write(
        IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string> metadata,
        out IReadOnlyList<Tensor> ordered)
    {
        // Wide types first, so that every element is aligned to its size.
        (string Name, Tensor Tensor, string Type, int Size)[] entries =
            [.. tensors.Select(Describe).OrderByDescending(entry => entry.Size)];
        ordered = [.. entries.Select(entry => entry.Tensor)];
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
            foreach ((string name, Tensor tensor, string type, int size) in entries)
            {
                CheckName(name, names);
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

        if (buffer.Length - SafetensorsHeader.LengthSize > SafetensorsHeader.LongestHeader)
        {
            throw new ArgumentException(
                Invariant($"names and metadata make a header of {buffer.Length} bytes; at most {SafetensorsHeader.LongestHeader} ")
                    + "can be read",
                nameof(metadata));
        }

        byte[] header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.LengthSize);
        return header;
    }

    private static (string Name, Tensor Tensor, string Type, int Size) Describe((string Name, Tensor Tensor) item)
    {
        if (item.Name is null || item.Tensor is null)
        {
            throw new ArgumentException("expected a name and a tensor, found null", nameof(item));
        }

        (string type, int size) = SafetensorsHeader.Describe(item.Tensor.dtype) ?? throw new ArgumentException(
            $"expected tensor '{item.Name}' to be of Float64, Int64, Float32, Int32 or Byte, found {item.Tensor.dtype}", nameof(item));
        return (item.Name, item.Tensor, type, size);
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
