using System.Text.Json;
using System.Text.Unicode;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>What the header of a safetensors file says of one tensor; offsets are bytes from the end of the
/// header.</summary>
internal sealed record TensorEntry(string Name, ScalarType Type, long[] Shape, long Start, long End);

/// <summary>The header of a safetensors file, checked against the format and against the length of the
/// data.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<TensorEntry> Tensors, Dictionary<string, string> Metadata)
{
    public const string MetadataName = "__metadata__";
    public const string ChecksumName = "sha256";

    /// <summary>Bytes of the number before the header, which gives its length.</summary>
    public const int LengthSize = 8;

    /// <summary>The limit of the reference implementation.</summary>
    public const long LongestHeader = 100_000_000;

    /// <summary>libtorch represents sets of dimensions by 64 bits.</summary>
    private const int HighestRank = 64;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
        ("F32", ScalarType.Float32, 4),
        ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("U8", ScalarType.Byte, 1),
    ];

    /// <summary>The name of an element type in the format and its size in bytes, or null if it is none of
    /// those written and read.</summary>
    public static (string Name, int Size)? Describe(ScalarType type) =>
        Types.Where(entry => entry.Type == type).Select(entry => ((string, int)?)(entry.Name, entry.Size)).FirstOrDefault();

    /// <summary>Reads the JSON text.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The header, padding included.</param>
    /// <param name="dataLength">Bytes the file has after the header, which the tensors must fill without gap
    /// or overlap.</param>
    /// <exception cref="DataFormatException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        if (!Utf8.IsValid(json.Span) || json.Span is not [(byte)'{', ..])
        {
            throw new DataFormatException(path, "expected a header of UTF-8 text that starts with {, found something else");
        }

        try
        {
            // Three levels: the header, a tensor, its shape.
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 3, AllowDuplicateProperties = false });
            Dictionary<string, string> metadata = [];
            List<TensorEntry> tensors = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                {
                    metadata = ParseMetadata(path, property.Value);
                }
                else
                {
                    tensors.Add(ParseTensor(path, property.Name, property.Value));
                }
            }

            tensors.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
            CheckOffsets(path, tensors, dataLength);
            return new SafetensorsHeader(tensors, metadata);
        }
        catch (JsonException e)
        {
            throw new DataFormatException(
                path, $"expected a header of JSON, three levels deep and without duplicates; the parser says: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // Thrown for escapes that stand for half a character.
            throw new DataFormatException(path, $"expected a header of JSON with valid texts; the parser says: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> ParseMetadata(string path, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DataFormatException(path, $"expected {MetadataName} to be an object of texts, found {element.ValueKind}");
        }

        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw new DataFormatException(
                    path, $"expected the metadata '{property.Name}' to be a text, found {property.Value.ValueKind}");
        }

        return metadata;
    }

    private static TensorEntry ParseTensor(string path, string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().Select(property => property.Name).Except(["dtype", "shape", "data_offsets"]).Any()
            || !element.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shapeElement) || ParseSizes(shapeElement) is not { } shape
            || !element.TryGetProperty("data_offsets", out JsonElement offsetsElement)
                || ParseSizes(offsetsElement) is not [long start, long end])
        {
            throw new DataFormatException(
                path, $"expected tensor '{name}' to have a dtype (text), a shape (whole numbers, none negative), two data_offsets "
                    + "(the same) and nothing else");
        }

        (string typeName, ScalarType type, int size) = Types.FirstOrDefault(entry => entry.Name == dtype.GetString());
        if (typeName is null)
        {
            throw new DataFormatException(
                path,
                $"expected tensor '{name}' to have a dtype of {string.Join(", ", Types.Select(t => t.Name))}, "
                + $"found {dtype.GetString()}");
        }

        if (shape.Length > HighestRank)
        {
            throw new DataFormatException(
                path, Invariant($"expected tensor '{name}' to have at most {HighestRank} dimensions, found {shape.Length}"));
        }

        long? length = ByteLength(shape, size);
        if (length is null || end - start != length)
        {
            string sizes = string.Join(", ", shape.Select(n => Invariant($"{n}")));
            string expected = length is null ? "more bytes than can be counted" : Invariant($"{length} bytes");
            throw new DataFormatException(path, Invariant(
                $"expected {expected} for tensor '{name}' of {typeName} [{sizes}], found offsets {start} to {end}"));
        }

        return new TensorEntry(name, type, shape, start, end);
    }

    private static long[]? ParseSizes(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        long[] sizes = new long[element.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out sizes[count]) || sizes[count] < 0)
            {
                return null;
            }

            count++;
        }

        return sizes;
    }

    /// <summary>Null on overflow, also where a zero hides it: libtorch multiplies the other dimensions into
    /// strides.</summary>
    private static long? ByteLength(long[] shape, int size)
    {
        Int128 length = size;
        foreach (long n in shape)
        {
            length *= Math.Max(n, 1);
            if (length > long.MaxValue)
            {
                return null;
            }
        }

        return shape.Contains(0) ? 0 : (long)length;
    }

    private static void CheckOffsets(string path, List<TensorEntry> tensors, long dataLength)
    {
        long end = 0;
        foreach (TensorEntry tensor in tensors)
        {
            if (tensor.Start != end)
            {
                string what = tensor.Start < end ? "an overlap" : "a gap";
                throw new DataFormatException(
                    path, Invariant(
                        $"expected tensor '{tensor.Name}' to start at {end}, where the one before ends, found {what}: {tensor.Start}"));
            }

            end = tensor.End;
        }

        if (end != dataLength)
        {
            string what = dataLength < end ? "truncated" : "trailing bytes";
            throw new DataFormatException(path, Invariant($"{what}: expected {end} bytes of data after the header, found {dataLength}"));
        }
    }
}
