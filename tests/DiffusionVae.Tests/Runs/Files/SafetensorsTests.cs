using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

public sealed class SafetensorsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tensors_and_metadata_come_back_as_written()
    {
        (string, Tensor)[] tensors =
        [
            ("bytes", tensor(new byte[] { 1, 2, 255 })),
            ("weights", randn(3, 4)),
            ("double", randn(2, 2, 2, dtype: ScalarType.Float64)),
            ("int", tensor(new[] { int.MinValue, int.MaxValue })),
            ("long", tensor(new[] { long.MinValue, long.MaxValue })),
            ("scalar", tensor(2.5f)),
            ("empty", zeros(0, 5)),
            ("special", tensor(new[] { float.NaN, float.PositiveInfinity, -0f, float.Epsilon })),
            ("transposed", arange(6, ScalarType.Float32).reshape(2, 3).t()),
            ("strided", arange(10, ScalarType.Float32)[TensorIndex.Slice(1, 9, 3)]),
            ("parameter", ones(2).requires_grad_()),
            ("naïve \"名前\" \\ \n", ones(1)),
            ("", ones(1)),
        ];
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["ключ"] = "a \"b\" \u0000 \U0001F600", ["empty"] = "" };
        string path = folder["file"];
        Safetensors.Write(path, tensors, metadata);
        using SafetensorsFile file = Safetensors.Read(path);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(tensors.Length, file.Tensors.Count);
        foreach ((string name, Tensor expected) in tensors)
        {
            Tensor found = file.Tensors[name];
            Assert.Equal((expected.dtype, false), (found.dtype, found.requires_grad));
            Assert.Equal(expected.shape, found.shape);
            Assert.Equal(expected.detach().contiguous().bytes.ToArray(), found.bytes.ToArray());
        }
    }

    [Fact]
    public void Nothing_at_all_can_be_written()
    {
        Safetensors.Write(folder["file"], []);
        using SafetensorsFile file = Safetensors.Read(folder["file"]);
        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Tensors_longer_than_a_chunk_come_back()
    {
        Tensor large = randn(700_001);
        Safetensors.Write(folder["file"], [("byte", tensor(new byte[] { 7 })), ("large", large)]);
        using SafetensorsFile file = Safetensors.Read(folder["file"]);
        Assert.Equal(large.bytes.ToArray(), file.Tensors["large"].bytes.ToArray());
        Assert.Equal(7, file.Tensors["byte"].item<byte>());
    }

    /// <summary>
    /// Read by other means than ours: a length, JSON, padding, and elements of which the wide ones come
    /// first, each aligned to its size.
    /// </summary>
    [Fact]
    public void The_file_is_as_the_format_says()
    {
        Tensor[] values =
        [
            arange(1, 4, ScalarType.Byte), rand(2), rand(2, dtype: ScalarType.Float64), full([1], 7, ScalarType.Int64),
            full([1], -1, ScalarType.Int32),
        ];
        Safetensors.Write(
            folder["file"], [.. values.Select((value, i) => ($"t{i}", value))], new Dictionary<string, string> { ["format"] = "pt" });
        byte[] bytes = File.ReadAllBytes(folder["file"]);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        Assert.Equal("pt", header.RootElement.GetProperty("__metadata__").GetProperty("format").GetString());
        string[] types = ["U8", "F32", "F64", "I64", "I32"];
        long total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            JsonElement entry = header.RootElement.GetProperty($"t{i}");
            int[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32())];
            Assert.Equal(types[i], entry.GetProperty("dtype").GetString());
            Assert.Equal(values[i].shape, entry.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()));
            Assert.Equal(values[i].bytes.ToArray(), bytes[(8 + length + offsets[0])..(8 + length + offsets[1])]);
            Assert.Equal(0, offsets[0] % values[i].ElementSize);
            total += offsets[1] - offsets[0];
        }

        Assert.Equal(bytes.Length, 8 + length + total);
    }

    [Fact]
    public void The_checksum_is_that_of_the_file_with_its_digits_as_zeros()
    {
        Safetensors.Write(folder["file"], [("a", ones(3))]);
        byte[] bytes = File.ReadAllBytes(folder["file"]);
        string digits = Encoding.ASCII.GetString(bytes, 35, 64);
        bytes.AsSpan(35, 64).Fill((byte)'0');
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digits);
        using SafetensorsFile file = Safetensors.Read(folder["file"]);
        Assert.Equal(digits, file.Sha256);
    }

    /// <summary>
    /// The bytes that the reference implementation has in its own test (safetensors/src/tensor.rs,
    /// test_serialization_forced_alignement).
    /// </summary>
    [Fact]
    public void A_file_of_the_reference_implementation_is_read_on_demand()
    {
        byte[] bytes =
        [
            72, 0, 0, 0, 0, 0, 0, 0, .. "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}       "u8,
            0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64,
        ];
        string path = folder.Write("file", bytes);
        Assert.Equal($"{path}: expected the header to start with a checksum, found none: the file is damaged or of another program",
            Assert.Throws<DataFormatException>(() => Safetensors.Read(path)).Message);
        using SafetensorsFile file = Safetensors.Read(path, requireChecksum: false);
        Assert.Null(file.Sha256);
        Assert.Equal([1, 1, 2, 3], file.Tensors["attn0"].shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.Tensors["attn0"].data<float>().ToArray());
    }

    [Fact]
    public void The_tensors_read_belong_to_the_file_and_not_to_a_scope()
    {
        Safetensors.Write(folder["file"], [("a", ones(3))]);
        SafetensorsFile file;
        using (NewDisposeScope())
        {
            file = Safetensors.Read(folder["file"]);
        }

        Assert.Equal(3, file.Tensors["a"].sum().item<float>());
        file.Dispose();
        Assert.True(file.Tensors["a"].IsInvalid);
    }

    [Fact]
    public void What_cannot_be_stored_is_refused_and_the_old_file_stays()
    {
        Safetensors.Write(folder["file"], [("a", ones(3))]);
        byte[] before = File.ReadAllBytes(folder["file"]);
        Refused("expected tensor 'b' to be of Float64, Int64, Float32, Int32 or Byte, found Bool",
            [("b", ones(3, dtype: ScalarType.Bool))]);
        Refused("the name 'b' is double or reserved", [("b", ones(3)), ("b", ones(3))]);
        Refused("the name '__metadata__' is double or reserved", [("__metadata__", ones(3))]);
        Refused("the name 'sha256' is double or reserved", [], new() { ["sha256"] = "" });
        Refused("a name or value is not valid text: '\ud800'", [("\ud800", ones(3))]);
        Refused("a name or value is not valid text: '\ud800'", [], new() { ["key"] = "\ud800" });
        Assert.Equal(before, File.ReadAllBytes(folder["file"]));
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
    }

    private void Refused(string message, (string, Tensor)[] tensors, Dictionary<string, string>? metadata = null) =>
        Assert.StartsWith(
            message + " (", Assert.Throws<ArgumentException>(() => Safetensors.Write(folder["file"], tensors, metadata)).Message,
            StringComparison.Ordinal);
}
