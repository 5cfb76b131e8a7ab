using System.Buffers.Binary;
using System.Text;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

public sealed class SafetensorsDamageTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Every_flipped_bit_every_replaced_byte_and_every_truncation_is_detected()
    {
        byte[] original = Small();
        string path = folder["file"];
        var random = new Random(1);
        for (int i = 0; i < original.Length; i++)
        {
            byte[] damaged = [.. original];
            foreach (int change in Enumerable.Range(0, 8).Select(bit => 1 << bit).Append(0xff).Append(random.Next(1, 256)))
            {
                damaged[i] = (byte)(original[i] ^ change);
                File.WriteAllBytes(path, damaged);
                Assert.Throws<DataFormatException>(() => Safetensors.Read(path));
            }

            File.WriteAllBytes(path, original[..i]);
            Assert.Throws<DataFormatException>(() => Safetensors.Read(path));
        }

        File.WriteAllBytes(path, [.. original, 0]);
        Assert.Throws<DataFormatException>(() => Safetensors.Read(path));
        File.WriteAllBytes(path, original);
        Safetensors.Read(path).Dispose();
    }

    [Fact]
    public void A_refused_file_leaks_nothing()
    {
        byte[] bytes = Small();
        bytes[^1] ^= 1;
        string path = folder.Write("file", bytes);
        long before = Tensor.TotalCount;
        var error = Assert.Throws<DataFormatException>(() => Safetensors.Read(path));
        Assert.Equal(before, Tensor.TotalCount);
        Assert.StartsWith(
            $"{path}: damaged: expected content with SHA-256 {Encoding.ASCII.GetString(bytes, 35, 64)}, as its header says, found ",
            error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void Mutated_files_without_a_checksum_load_or_are_refused_and_nothing_else(int seed)
    {
        byte[] original = Small();
        // Past the checksum's key, so that the rest of the header is what decides.
        original[30] = (byte)'x';
        var random = new Random(seed);
        string path = folder["file"];
        for (int i = 0; i < 1500; i++)
        {
            byte[] mutated = [.. original];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                mutated[random.Next(mutated.Length)] = random.Next(2) == 0
                    ? (byte)random.Next(256)
                    : (byte)"0123456789,:\"[]{}-.eE\\ "[random.Next(23)];
            }

            File.WriteAllBytes(path, mutated);
            try
            {
                Safetensors.Read(path, requireChecksum: false).Dispose();
            }
            catch (DataFormatException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"{e} for mutation {i}: {Convert.ToHexString(mutated)}");
            }
        }
    }

    [Fact]
    public void Files_that_are_none_are_refused()
    {
        Refused(folder["none"], "the file does not exist");
        Refused(folder.Path, "expected a file, found a folder");
        Refused(folder.Write("file", []), "the file is empty");
        Refused(folder.Write("file", new byte[7]), "truncated: expected at least 8 bytes, found 7");
        Refused(
            folder.Write("file", [.. Length(5), 1, 2, 3, 4]),
            "truncated or not a safetensors file: expected a header of at most 4 bytes, found 5");
        Refused(folder.Write("file", [.. Length(-1), 1, 2]),
            "truncated or not a safetensors file: expected a header of at most 2 bytes, found 18446744073709551615");
        using (FileStream large = File.Create(folder["large"]))
        {
            large.Write(Length(100_000_001));
            large.SetLength(200_000_000);
        }

        Refused(folder["large"], "truncated or not a safetensors file: expected a header of at most 100000000 bytes, found 100000001");
        Refused(folder.Write("file", Length(0)), "expected a header of UTF-8 text that starts with {, found something else");
    }

    [Theory]
    [InlineData(" {}", 0, "expected a header of UTF-8 text that starts with {, found something else")]
    [InlineData("{", 0, "expected a header of JSON, three levels deep and without duplicates; the parser says: *")]
    [InlineData("{}x", 0, "expected a header of JSON, three levels deep and without duplicates; the parser says: *")]
    [InlineData("{\"a\":[[[1]]]}", 0, "expected a header of JSON, three levels deep and without duplicates; the parser says: *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
        + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2,
        "expected a header of JSON, three levels deep and without duplicates; the parser says: *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
        "expected a header of JSON, three levels deep and without duplicates; the parser says: *")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
        "expected a header of JSON with valid texts; the parser says: *")]
    [InlineData("{\"__metadata__\":[]}", 0, "expected __metadata__ to be an object of texts, found Array")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "expected the metadata 'a' to be a text, found Number")]
    [InlineData("{\"a\":1}", 0, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{}}", 0, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"more\":1}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":8,\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[\"1\"],\"data_offsets\":[0,1]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}}", 1, "expected tensor 'a' to have *")]
    [InlineData("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2,
        "expected tensor 'a' to have a dtype of F64, I64, F32, I32, F16, BF16, U8, found C64")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}}", 1,
        "expected 2 bytes for tensor 'a' of U8 [2], found offsets 0 to 1")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}", 1,
        "expected 1 bytes for tensor 'a' of U8 [1], found offsets 1 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
        "expected more bytes than can be counted for tensor 'a' of F32 [4294967296, 4294967296], found offsets 0 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[0,9223372036854775807,2],\"data_offsets\":[0,0]}}", 0,
        "expected more bytes than can be counted *")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9223372036854775806,9223372036854775807]}}", 1,
        "expected tensor 'a' to start at 0, where the one before ends, found a gap: 9223372036854775806")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
        "expected tensor 'b' to start at 2, where the one before ends, found an overlap: 1")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[9000000000],\"data_offsets\":[0,9000000000]}}", 2,
        "truncated: expected 9000000000 bytes of data after the header, found 2")]
    [InlineData("{}", 1, "trailing bytes: expected 0 bytes of data after the header, found 1")]
    public void Headers_that_break_a_rule_are_refused_with_the_rule(string json, int dataLength, string problem) =>
        Refused(Make(json, dataLength), problem, requireChecksum: false);

    [Fact]
    public void Bytes_that_are_no_text_and_too_many_dimensions_are_refused()
    {
        Refused(folder.Write("file", [.. Length(2), (byte)'{', 0xff]),
            "expected a header of UTF-8 text that starts with {, found something else", requireChecksum: false);
        string shape = string.Join(',', Enumerable.Repeat(1, 65));
        Refused(Make($"{{\"a\":{{\"dtype\":\"U8\",\"shape\":[{shape}],\"data_offsets\":[0,1]}}}}", 1),
            "expected tensor 'a' to have at most 64 dimensions, found 65", requireChecksum: false);
    }

    [Theory]
    [InlineData("{\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]},"
        + "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 3)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[0,1152921504606846976],\"data_offsets\":[0,0]}}", 0)]
    [InlineData("{\"a\":{\"shape\":[0],\"data_offsets\":[1,1],\"dtype\":\"U8\"},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1)]
    [InlineData("{}        ", 0)]
    public void Unusual_headers_that_break_no_rule_are_read(string json, int dataLength) =>
        Safetensors.Read(Make(json, dataLength), requireChecksum: false).Dispose();

    private byte[] Small()
    {
        Safetensors.Write(
            folder["small"], [("a", arange(3, ScalarType.Float32)), ("n", full([1], 7, ScalarType.Int64)), ("none", zeros(0))],
            new Dictionary<string, string> { ["k"] = "v" });
        return File.ReadAllBytes(folder["small"]);
    }

    private string Make(string json, int dataLength)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return folder.Write("file", [.. Length(header.Length), .. header, .. new byte[dataLength]]);
    }

    private static byte[] Length(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static void Refused(string path, string problem, bool requireChecksum = false)
    {
        string message = Assert.Throws<DataFormatException>(() => Safetensors.Read(path, requireChecksum)).Message;
        if (problem.EndsWith('*'))
        {
            Assert.StartsWith($"{path}: {problem[..^1]}", message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal($"{path}: {problem}", message);
        }
    }
}
