using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>Hostile files of a run.</summary>
[Trait(LongForm.Trait, LongForm.Value)]
public sealed class RunFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int ChecksumStart = 35;

    private readonly Fuzz fuzz = new(output);
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        fuzz.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tensors()
    {
        using DisposeScope scope = NewDisposeScope();
        Safetensors.Write(
            folder["small"], [("a", arange(3, ScalarType.Float32)), ("n", full([1], 7, ScalarType.Int64)), ("none", zeros(0))],
            new Dictionary<string, string> { ["k"] = "v" });
        Gen<byte[]> mutations = Sealed(Fuzz.Mutations(File.ReadAllBytes(folder["small"])));
        Gen<string> entry =
            from type in Gen.OneOf("F64", "I64", "F32", "U8", "BF16")
            from shape in Gen.Frequency((4, Gen.Long[0, 5]), (1, Gen.Long)).Array[0, 4]
            from offsets in Gen.Frequency((4, Gen.Long[0, 60]), (1, Gen.Long)).Array[2]
            from name in Gen.String[Gen.Char["ab\"\\\u00e9{"], 0, 3]
            select $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],"
                + $"\"data_offsets\":[{string.Join(',', offsets)}]}}";
        Gen<byte[]> generated =
            from entries in entry.Array[0, 3]
            from content in Gen.Byte.Array[0, 80]
            let header = Encoding.UTF8.GetBytes(
                $"{{\"__metadata__\":{{\"sha256\":\"{new string('0', 64)}\"}}{string.Concat(entries.Select(text => "," + text))}}}")
            select (byte[])[.. LittleEndian(header.Length), .. header, .. content];
        fuzz.Run("safetensors", Gen.OneOf(mutations, Sealed(generated)), path => Safetensors.Read(path).Dispose());
    }

    [Fact]
    public void Checkpoints()
    {
        using var small = new SmallState();
        byte[] valid = File.ReadAllBytes(small.Write(folder["checkpoint"]));
        using SafetensorsFile file = Safetensors.Read(folder["checkpoint"]);
        Dictionary<string, Tensor> tensors = new(file.Tensors);
        // Tensors missing, of other names, types and shapes, or of senseless values; and other metadata.
        Gen<byte[]> generated =
            from key in Gen.OneOf([.. tensors.Keys])
            from change in Gen.Int[0, 4]
            from value in Gen.Byte
            from place in Gen.Int[0, 9999]
            from metadata in Gen.Frequency((6, Gen.Const("")), (1, Gen.OneOf("format", "config", "data")))
            select Rewritten(file, key, change, value, place, metadata);
        fuzz.Run("checkpoint", Gen.OneOf(Sealed(Fuzz.Mutations(valid)), generated), small.Read);
    }

    [Fact]
    public void Weights()
    {
        var config = new RunConfig { Manifold = "torus:1", Network = new NetworkOptions { EncoderWidths = [2], DecoderWidths = [2] } };
        using var scope = NewDisposeScope();
        using var data = new ImageData("two", new ImageSet("train", rand(4, 1, 2)), new ImageSet("test", rand(2, 1, 2)));
        using Run run = Run.Train(config with { Training = config.Training with { Epochs = 1 } }, data, folder["run"]);
        byte[] valid = File.ReadAllBytes(run.Directory.Weights);
        fuzz.Run("weights", Sealed(Fuzz.Mutations(valid)), path => WeightsFile.Read(path, run.Config, null).Model.Dispose());
    }

    [Fact]
    public void Configurations()
    {
        byte[] paper = Encoding.UTF8.GetBytes(RunConfig.Paper.ToJson()), plain = Encoding.UTF8.GetBytes(new RunConfig().ToJson());
        Gen<string> number = Gen.OneOf(
            Gen.Int.Select(i => FormattableString.Invariant($"{i}")), Gen.Double.Select(d => FormattableString.Invariant($"{d:R}")),
            Gen.OneOf("1e999", "-0", "00", "null"));
        Gen<string> text = Gen.OneOf(
            "torus", "sphere:99999999999", "euclidean:64*torus:64", "*", "so3:", "mnist", "../../etc/passwd", "\\ud800", "\\u0000",
            "cosine", "gaussian:1e-300", "cuda:9", "exact").Select(t => $"\"{t}\"");
        Gen<string> leaf =
            Gen.OneOf(number, text, number.Array[0, 4].Select(all => $"[{string.Join(',', all)}]"), Gen.OneOf("true", "false", "{}", "[]"));
        Gen<string> name = Gen.OneOf(
            "manifold", "data", "holdOut", "threads", "device", "versions", "epochs", "batchSize", "learningRate", "adamBeta2", "schedule",
            "klWeight", "klWarmup", "seed",
            "steps", "divergence", "bounds", "lower", "upper", "initialLogTime", "decoder", "encoderWidths", "decoderWidths",
            "averageAntipodes");
        Gen<string> members = Gen.Select(name, leaf, (key, value) => $"\"{key}\":{value}").Array[0, 3].Select(all => string.Join(',', all));
        Gen<byte[]> generated =
            from top in members
            from part in Gen.OneOf("training", "latent", "network")
            from inner in members
            select Encoding.UTF8.GetBytes($"{{{top}{(top.Length > 0 ? "," : "")}\"{part}\":{{{inner}}}}}");
        fuzz.Run(
            "configuration",
            Gen.OneOf(Fuzz.Mutations(paper, plain), generated),
            path => new RunDirectory(Path.GetDirectoryName(path)!).ReadConfig().CreateLatentSpace(),
            fault => fault is ConfigurationException,
            "config.json");
    }

    /// <summary>
    /// Half of the files with the checksum that they ought to have, so that what is in them counts.
    /// </summary>
    private static Gen<byte[]> Sealed(Gen<byte[]> files) => from file in files from seal in Gen.Bool select seal ? Seal(file) : file;

    private static byte[] Seal(byte[] file)
    {
        if (file.Length < ChecksumStart + 64)
        {
            return file;
        }
        byte[] mended = [.. file];
        Span<byte> digits = mended.AsSpan(ChecksumStart, 64);
        digits.Fill((byte)'0');
        string checksum = Convert.ToHexStringLower(SHA256.HashData(mended));
        Encoding.ASCII.GetBytes(checksum, digits);
        return mended;
    }

    private static byte[] Rewritten(SafetensorsFile file, string key, int change, byte value, int place, string metadata)
    {
        using DisposeScope scope = NewDisposeScope();
        List<(string, Tensor)> tensors = [.. file.Tensors.Where(entry => entry.Key != key).Select(entry => (entry.Key, entry.Value))];
        Tensor tensor = file.Tensors[key];
        switch (change)
        {
            case 0: break;
            case 1: tensors.Add((key, tensor.to(ScalarType.Float64))); break;
            case 2: tensors.Add((key, tensor.unsqueeze(0))); break;
            case 3: tensors.Add((key + "x", tensor)); break;
            default:
                Tensor changed = tensor.clone();
                Span<byte> bytes = changed.bytes;
                if (bytes.Length > 0)
                {
                    bytes[place % (place % 2 == 0 ? Math.Min(24, bytes.Length) : bytes.Length)] = value;
                }
                tensors.Add((key, changed));
                break;
        }
        Dictionary<string, string> texts = new(file.Metadata);
        if (metadata.Length > 0)
        {
            texts[metadata] = FormattableString.Invariant($"{value}");
        }
        // In memory, since files flushed to the disk take their time.
        byte[] header = SafetensorsHeaderWriter.Write(tensors, texts, out IReadOnlyList<Tensor> ordered);
        return Seal([.. header, .. ordered.SelectMany(part => part.bytes.ToArray())]);
    }

    private static byte[] LittleEndian(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
