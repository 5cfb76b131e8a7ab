using System.Text.Json;

namespace DiffusionVae.Cli.Tests;

/// <summary>Data that moved, places that cannot be written to, and systems that lack something.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class SurroundingsTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_is_measured_from_another_folder_and_reported_on_elsewhere()
    {
        TinyImages.Write(folder["a", "tiny"]);
        Assert.Equal(
            ExitCodes.Success, DvaeProcess.Run(folder["a"], ["train", .. TinyImages.Quick, "--output", "run"], null).ExitCode);
        // Of the same name and size, and others.
        TinyImages.Write(folder["b", "tiny"]);
        byte[] images = TinyImages.Images(16, 8);
        File.WriteAllBytes(folder["b", "tiny", TinyImages.Test], [.. images[..16], .. images[16..].Select(pixel => (byte)(255 - pixel))]);
        Outcome there = DvaeProcess.Run(folder["b"], "evaluate", "../a/run", "--json");
        string last = File.ReadLines(folder["a", "run", "metrics.csv"]).Last().Split(',')[5];
        Assert.Equal(last, JsonSerializer.Deserialize<JsonElement>(there.Out).GetProperty("elbo").GetRawText());

        Directory.Move(folder["a", "tiny"], folder["a", "moved"]);
        Outcome lost = DvaeProcess.Run(folder["b"], "report", "../a/run");
        Assert.Equal(ExitCodes.BadData, lost.ExitCode);
        Assert.Contains("tiny: not the data that the run was begun with: expected 48 + 16 images", lost.Error, StringComparison.Ordinal);
        Assert.Contains("Say with --data where the data of the run are now", lost.Error, StringComparison.Ordinal);
        string[] before = Directory.GetFileSystemEntries(folder["a", "run"]);
        Outcome report = DvaeProcess.Run(folder["b"], "report", "../a/run", "--data", "../a/moved", "--output", "page");
        Assert.True(report.ExitCode == ExitCodes.Success, report.Error);
        Assert.True(File.Exists(folder["b", "page", "report.html"]));
        Assert.Equal(before, Directory.GetFileSystemEntries(folder["a", "run"]));

        // What cannot be written is refused before the work, by the name the user gave.
        Outcome nowhere = DvaeProcess.Run(folder["a"], "sample", "run", "--output", "none/x.png");
        Assert.Equal(ExitCodes.Refused, nowhere.ExitCode);
        Assert.Equal($"dvae: 'none/x.png' cannot be written: there is no folder '{folder["a", "none"]}'.\n", nowhere.Error);
        Directory.CreateDirectory(folder["a", "run", "samples.png"]);
        Assert.EndsWith(
            "expected a file to write, found a folder. Say with --output where else to write.\n",
            DvaeProcess.Run(folder["a"], "sample", "run").Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public void A_working_directory_that_is_gone_and_too_few_files_are_refused_in_words()
    {
        Outcome gone = DvaeProcess.Shell(folder.Path, "mkdir gone; cd gone; rmdir ../gone; \"$DVAE\" manifolds");
        Assert.Equal(
            (ExitCodes.Refused, "dvae: the working directory was deleted; go to another one (cd) and try again.\n"),
            (gone.ExitCode, gone.Error));
        Outcome few = DvaeProcess.Shell(folder.Path, "ulimit -n 64; \"$DVAE\" manifolds");
        Assert.Equal(
            (ExitCodes.Refused, "dvae: only 64 files may be open at once; dvae needs 128. Raise the limit (ulimit -n).\n"),
            (few.ExitCode, few.Error));
    }

    /// <summary>A copy of the program, for the most part by links, in which one library is missing, and then
    /// none.</summary>
    [LinuxFact]
    public void A_library_that_cannot_be_loaded_is_named_with_the_reason()
    {
        Directory.CreateDirectory(folder["dvae"]);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            string copy = folder["dvae", Path.GetFileName(file)];
            if (Path.GetFileName(file) is "dvae" || Path.GetExtension(file) is ".json" or ".dll")
            {
                File.Copy(file, copy);
            }
            else
            {
                File.CreateSymbolicLink(copy, file);
            }
        }
        string library = folder["dvae", "libLibTorchSharp.so"];
        File.Delete(library);
        Outcome missing = Manifolds();
        Assert.Equal((ExitCodes.Refused, ""), (missing.ExitCode, missing.Out));
        Assert.Equal($"dvae: the library {library} is missing: the installation is not complete. Install dvae again.\n", missing.Error);
        File.WriteAllText(library, "no library");
        Assert.StartsWith($"dvae: the library {library} cannot be loaded: ", Manifolds().Error, StringComparison.Ordinal);

        Outcome Manifolds()
        {
            using DvaeProcess running = DvaeProcess.Start(folder["dvae", "dvae"], folder.Path, ["manifolds"]);
            return running.Wait();
        }
    }
}
