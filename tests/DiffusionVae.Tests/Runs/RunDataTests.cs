using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Data;

namespace DiffusionVae.Tests.Runs;

/// <summary>A run finds its data again from any folder, and takes no other data for them.</summary>
public sealed class RunDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Data_of_a_relative_path_are_found_by_their_full_path_and_told_from_others()
    {
        string path = folder.Write("waves.npy", NpyBuilder.Images("|u1", 20, 2, 2));
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path) + ":4";
        (RunDirectory directory, RunConfig config) = Begin(relative);
        DataRecord record = DataRecord.Read(directory)!;
        Assert.Equal((relative, path + ":4"), (record.Data, record.Path));

        // From another folder, where the relative path leads to nothing.
        (ImageData data, string id) = RunData.Load(directory, config with { Data = "waves-of-elsewhere.npy" });
        Assert.Equal(("waves", 4L, "waves-of-elsewhere.npy"), (data.Name, data.Test.Count, id));
        data.Dispose();

        // Other data in the same place, or the same file split otherwise, are refused.
        folder.Write("waves.npy", NpyBuilder.Images("|u1", 20, 2, 3));
        var other = Assert.Throws<DataFormatException>(() => RunData.Load(directory, config));
        Assert.StartsWith($"{path}:4: not the data that the run was begun with: expected 16 + 4 images of 2 by 2 pixels", other.Message,
            StringComparison.Ordinal);
        Assert.EndsWith("Say with --data where the data of the run are now", other.Message, StringComparison.Ordinal);
        string moved = folder.Write("moved.npy", NpyBuilder.Images("|u1", 20, 2, 2));
        Assert.Throws<DataFormatException>(() => RunData.LoadMoved(directory, config, DataCatalogue.Parse(moved + ":5")));
        RunData.LoadMoved(directory, config, DataCatalogue.Parse(moved + ":4")).Data.Dispose();

        File.Delete(path);
        Assert.Equal(
            $"{directory.Config}: the data of the run, '{relative}', are neither at '{path}:4', where they were when it was begun, nor in "
            + "the folder from which dvae was started. Say with --data where the data of the run are now",
            Assert.Throws<DataFormatException>(() => RunData.Load(directory, config)).Message);
    }

    /// <summary>Even if nothing is left to train.</summary>
    [Fact]
    public void A_complete_run_is_not_reported_on_with_other_data()
    {
        string path = folder.Write("waves.npy", NpyBuilder.Images("|u1", 20, 2, 2));
        (RunDirectory directory, _) = Begin(path);
        byte[] altered = NpyBuilder.Images("|u1", 20, 2, 2);
        altered[^1] ^= 1;
        using ImageData others = NpyFile.Load(folder.Write("others.npy", altered));
        Assert.Contains(
            "not the data that the run was begun with",
            Assert.Throws<DataFormatException>(() => Run.Resume(directory.Root, others)).Message, StringComparison.Ordinal);
    }

    private (RunDirectory Directory, RunConfig Config) Begin(string id)
    {
        using ImageData data = DataCatalogue.Parse(id).Load();
        var config = new RunConfig
        {
            Data = id,
            Manifold = "sphere:1",
            Network = new() { EncoderWidths = [4], DecoderWidths = [4] },
            Training = new() { Epochs = 1, BatchSize = 8 },
            Threads = 1,
        };
        using Run run = Run.Train(config, data, folder["run"]);
        return (run.Directory, run.Config);
    }
}
