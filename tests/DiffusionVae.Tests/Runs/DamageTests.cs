using System.Text;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>What is damaged is noticed before it is used, and what is good is found.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly InterruptedRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void Every_flipped_byte_and_every_truncation_of_a_checkpoint_is_noticed_and_nothing_is_taken_from_it()
    {
        using var small = new SmallState();
        string path = small.Write(runs.Folder["checkpoint"]);
        byte[] original = File.ReadAllBytes(path);
        string before = small.Digest();
        var random = new Random(1);
        for (int i = 0; i < original.Length; i++)
        {
            Change(path, file => SetByte(file, i, (byte)(original[i] ^ random.Next(1, 256))));
            Assert.Equal(path, Assert.Throws<DataFormatException>(() => small.Read(path)).Path);
            Change(path, file => SetByte(file, i, original[i]));
        }
        small.Read(path);
        for (int length = original.Length - 1; length >= 0; length--)
        {
            Change(path, file => file.SetLength(length));
            Assert.Equal(path, Assert.Throws<DataFormatException>(() => small.Read(path)).Path);
        }
        Assert.Equal(before, small.Digest());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(5000)]
    [InlineData(-1)]
    public void With_its_last_checkpoint_damaged_a_run_goes_on_from_the_one_before_and_says_so(int position)
    {
        string whole = runs.Whole(), crashed = runs.Crashed(10);
        string last = InterruptedRuns.Checkpoints(crashed)[0];
        byte[] bytes = File.ReadAllBytes(last);
        bytes[position < 0 ? ^1 : position] ^= 0x40;
        File.WriteAllBytes(last, bytes);
        Resumption from = runs.Resume(crashed)!;
        Assert.Equal((2, 4L), (from.Epoch, from.Step));
        string repair = Assert.Single(from.Repairs);
        Assert.StartsWith($"{last}: ", repair, StringComparison.Ordinal);
        Assert.EndsWith(". The checkpoint before it is taken.", repair, StringComparison.Ordinal);
        InterruptedRuns.AssertSame(whole, crashed);
    }

    [Fact]
    public void With_all_checkpoints_damaged_a_run_is_not_taken_up_and_nothing_is_changed()
    {
        string crashed = runs.Crashed(10);
        foreach (string path in InterruptedRuns.Checkpoints(crashed))
        {
            File.WriteAllBytes(path, []);
        }
        byte[] metrics = File.ReadAllBytes(new RunDirectory(crashed).Metrics),
            weights = File.ReadAllBytes(new RunDirectory(crashed).Weights);
        string message = Assert.Throws<DataFormatException>(() => runs.Resume(crashed)).Message;
        Assert.All(InterruptedRuns.Checkpoints(crashed), path =>
            Assert.Contains($"{path}: the file is empty", message, StringComparison.Ordinal));
        Assert.Equal(2, InterruptedRuns.Checkpoints(crashed).Length);
        Assert.Equal(metrics, File.ReadAllBytes(new RunDirectory(crashed).Metrics));
        Assert.Equal(weights, File.ReadAllBytes(new RunDirectory(crashed).Weights));
    }

    [Fact]
    public void A_checkpoint_of_another_run_of_another_manifold_or_of_another_version_is_not_taken()
    {
        string crashed = runs.Crashed(10);
        using var others = new InterruptedRuns { Config = runs.Config with { Manifold = "torus:2" } };
        string other = InterruptedRuns.Checkpoints(others.Crashed(10))[0];
        string[] checkpoints = InterruptedRuns.Checkpoints(crashed);
        File.Copy(other, checkpoints[0], overwrite: true);
        Rewrite(checkpoints[1], metadata => metadata["format"] = "dvae checkpoint 2");
        string message = Assert.Throws<DataFormatException>(() => runs.Resume(crashed)).Message;
        Assert.Contains("damaged: there 'manifold' is \"euclidean:1*torus:1\", here \"torus:2\"", message, StringComparison.Ordinal);
        Assert.Contains("expected the format 'dvae checkpoint 1', found 'dvae checkpoint 2'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_another_version_of_the_library_is_not_taken_up()
    {
        string crashed = runs.Crashed(10), config = new RunDirectory(crashed).Config;
        string version = RunVersions.Current["TorchSharp"];
        File.WriteAllText(config, File.ReadAllText(config).Replace($"\"{version}\"", "\"0.1.2\"", StringComparison.Ordinal));
        Assert.Equal(
            $"{config}: the run was begun with TorchSharp 0.1.2, this is {version}: it would not go on as it began. Use that "
                + $"version, or begin the run again from its config.json.",
            Assert.Throws<DataFormatException>(() => runs.Resume(crashed)).Message);
    }

    [Fact]
    public void Every_flipped_byte_of_a_configuration_is_noticed_or_changes_nothing()
    {
        string crashed = runs.Crashed(10);
        var directory = new RunDirectory(crashed);
        string meant = directory.ReadConfig().ToJson();
        byte[] original = File.ReadAllBytes(directory.Config);
        int noticed = 0;
        for (int i = 0; i < original.Length; i++)
        {
            byte[] damaged = [.. original];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(directory.Config, damaged);
            try
            {
                RunConfig config = directory.ReadConfig();
                config.RequireSame("checkpoint", meant);
                Assert.Equal(meant, config.ToJson());
            }
            catch (DataFormatException)
            {
                noticed++;
            }
        }
        Assert.InRange(noticed, original.Length / 2, original.Length);
    }

    [Fact]
    public void A_configuration_changed_after_the_run_began_is_noticed_by_all_who_read_the_run()
    {
        string whole = runs.Whole(), crashed = runs.Crashed(10);
        foreach (string run in new[] { whole, crashed })
        {
            string config = new RunDirectory(run).Config;
            File.WriteAllText(config, File.ReadAllText(config).Replace("\"seed\": 0", "\"seed\": 5", StringComparison.Ordinal));
            foreach (Action read in new Action[] { () => runs.Resume(run), () => Run.Open(run) })
            {
                Assert.Contains(
                    "there 'training.seed' is 5, here 0", Assert.Throws<DataFormatException>(read).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Data_of_the_same_size_with_one_pixel_changed_are_noticed()
    {
        string crashed = runs.Crashed(10);
        using Tensor pixels = runs.Data.Train.Pixels.clone();
        pixels[59, 35] += 1e-6f;
        using var changed = new ImageData("waves", new ImageSet("train", pixels, runs.Data.Shape), runs.Data.Test.Slice(0, 20));
        DataFormatException fault = Assert.Throws<DataFormatException>(() => runs.Resume(crashed, changed));
        Assert.Equal("mnist", fault.Path);
        Assert.StartsWith(
            "mnist: not the data that the run was begun with: expected 60 + 20 images of 6 by 6 pixels with SHA-256 ", fault.Message,
            StringComparison.Ordinal);
        Assert.Equal(2, InterruptedRuns.Checkpoints(crashed).Length);
    }

    [Fact]
    public void A_table_cut_anywhere_is_repaired_and_the_whole_rows_keep_their_seconds()
    {
        string whole = runs.Whole();
        string path = new RunDirectory(whole).Metrics;
        byte[] table = File.ReadAllBytes(path);
        string[] rows = Encoding.UTF8.GetString(table).Split('\n')[1..^1];
        EpochMetrics[] history = [.. Run.Train(runs.Config, runs.Data, runs.Folder["again"]).History];
        for (int length = 0; length <= table.Length; length++)
        {
            File.WriteAllBytes(path, table[..length]);
            int left = Math.Max(0, Encoding.UTF8.GetString(table[..length]).Count(c => c == '\n') - 1);
            IReadOnlyDictionary<int, double> seconds = MetricsFile.Seconds(path, history);
            Assert.Equal(Enumerable.Range(1, left), seconds.Keys);
            Assert.All(seconds, row =>
                Assert.Equal(rows[row.Key - 1].Split(',')[1], row.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_repairs_its_table_and_says_so(bool missing)
    {
        string whole = runs.Whole(), crashed = runs.Crashed(10), metrics = new RunDirectory(crashed).Metrics;
        byte[] table = File.ReadAllBytes(metrics);
        if (missing)
        {
            File.Delete(metrics);
        }
        else
        {
            File.WriteAllBytes(metrics, table[..^20]);
        }
        Resumption from = runs.Resume(crashed)!;
        string epochs = missing ? "1, 2" : "2";
        Assert.Equal(
            [$"{metrics}: rows missing or damaged, of epoch {epochs}; they are written again, without their seconds."], from.Repairs);
        InterruptedRuns.AssertSame(whole, crashed);
    }

    [Theory]
    [InlineData("position", "expected an epoch from 1 to 3 and a step from 0 to 4, found *")]
    [InlineData("weights", "expected tensor 'weights' to be Float32 [5], found Float32 [2]")]
    [InlineData("history", "expected a history of 1 epochs, found 0")]
    [InlineData("generator.noise", "the state of the generator 'generator.noise' is impossible")]
    [InlineData("generator.order", "expected a tensor 'generator.order', found none")]
    public void A_state_that_cannot_be_is_refused_whatever_its_checksum(string name, string problem)
    {
        using var small = new SmallState();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> saved = small.State.Save().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        string before = small.Digest();
        switch (name)
        {
            case "position": saved[name] = tensor(new long[] { 4, 0 }); break;
            case "history": saved[name] = saved[name][..0]; break;
            case "generator.noise": (saved[name] = saved[name].clone())[8] = 7; break;
            case "generator.order": saved.Remove(name); break;
            default: saved[name] = saved[name][..2]; break;
        }
        string message = Assert.Throws<FormatException>(() => small.State.Restore(saved)).Message;
        Assert.StartsWith(problem.TrimEnd('*'), message, StringComparison.Ordinal);
        Assert.Equal(before, small.Digest());
    }

    /// <summary>Changes a file in its place: tens of thousands of new ones would take a minute.</summary>
    private static void Change(string path, Action<FileStream> change)
    {
        using FileStream file = File.OpenWrite(path);
        change(file);
    }

    private static void SetByte(FileStream file, long position, byte value)
    {
        file.Position = position;
        file.WriteByte(value);
    }

    private static void Rewrite(string path, Action<Dictionary<string, string>> change)
    {
        using SafetensorsFile file = Safetensors.Read(path);
        Dictionary<string, string> metadata = new(file.Metadata);
        change(metadata);
        Safetensors.Write(path, [.. file.Tensors.Select(entry => (entry.Key, entry.Value))], metadata);
    }
}
