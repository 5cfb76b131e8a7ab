using System.Buffers.Binary;
using System.Text;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>Weights as other programs write them.</summary>
public sealed class WeightsImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly ImageData data;
    private readonly Run run;

    public WeightsImportTests()
    {
        data = NpyFile.Load(folder.Write("waves.npy", NpyBuilder.Images("|u1", 20, 2, 2)));
        var config = new RunConfig
        {
            Manifold = "sphere:1",
            Network = new() { EncoderWidths = [4], DecoderWidths = [4] },
            Training = new() { Epochs = 1, BatchSize = 8 },
            Threads = 1,
        };
        run = Run.Train(config, data, folder["run"]);
    }

    public void Dispose()
    {
        run.Dispose();
        data.Dispose();
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>Twice the weights, in any precision, in another order, without a checksum.</summary>
    [Theory]
    [InlineData("F16", ScalarType.Float16)]
    [InlineData("BF16", ScalarType.BFloat16)]
    [InlineData("F32", ScalarType.Float32)]
    [InlineData("F64", ScalarType.Float64)]
    public void Weights_of_any_precision_and_order_make_a_run(string name, ScalarType type)
    {
        (string Name, Tensor Tensor)[] doubled =
            [.. run.Model.named_parameters().Select(entry => (entry.name, (entry.parameter.detach() * 2).to(type))).Reverse()];
        WeightsImport.Create(Write(name, doubled), folder["run"], folder["imported"]);
        using Run imported = Run.Open(folder["imported"]);
        Assert.Empty(imported.History);
        Assert.Equal(1, imported.Epoch);
        Dictionary<string, Tensor> found =
            imported.Model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        Assert.All(doubled, entry => Assert.Equal(Numeric.Values(entry.Tensor), Numeric.Values(found[entry.Name])));
        Assert.True(double.IsFinite(imported.Evaluate(data).Score.Elbo));
        // Complete: there is nothing to resume, which would overwrite it.
        using Run again = Run.Resume(folder["imported"], data);
        Assert.Equal(1, again.Epoch);
    }

    [Fact]
    public void Weights_of_another_model_are_refused()
    {
        (string Name, Tensor Tensor)[] own = [.. run.Model.named_parameters().Select(entry => (entry.name, entry.parameter.detach()))];
        Refused("the list of tensors does not suit", Write("F32", own[1..]));
        Refused($"the shape of '{own[0].Name}' does not suit", Write("F32", [(own[0].Name, own[0].Tensor.unsqueeze(0)), .. own[1..]]));
        Refused("expected finite weights, found others in", Write("F32", [(own[0].Name, own[0].Tensor / 0), .. own[1..]]));
        Assert.False(Directory.Exists(folder["imported"]));

        void Refused(string problem, string path) => Assert.Contains(
            problem,
            Assert.Throws<DataFormatException>(() => WeightsImport.Create(path, folder["run"], folder["imported"])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A file as the reference implementation writes it.</summary>
    private string Write(string type, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var entries = new List<string>();
        var content = new List<byte>();
        foreach ((string name, Tensor tensor) in tensors)
        {
            byte[] bytes = tensor.bytes.ToArray();
            string offsets = FormattableString.Invariant($"[{content.Count},{content.Count + bytes.Length}]");
            entries.Add($$"""
                "{{name}}":{"dtype":"{{type}}","shape":[{{string.Join(',', tensor.shape)}}],"data_offsets":{{offsets}}}
                """);
            content.AddRange(bytes);
        }
        byte[] header = Encoding.ASCII.GetBytes($"{{{string.Join(',', entries)}}}");
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return folder.Write("weights.safetensors", [.. length, .. header, .. content]);
    }
}
