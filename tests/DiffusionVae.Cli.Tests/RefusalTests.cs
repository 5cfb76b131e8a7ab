namespace DiffusionVae.Cli.Tests;

public sealed class RefusalTests
{
    [Fact]
    public void A_directory_in_use_is_left_alone()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine", "thesis.txt"], "years of work");
        var transcript = new Transcript(folder.Path);
        Assert.Equal(ExitCodes.Refused, transcript.Run(["train", .. TinyImages.Quick, "--output", "mine"]).ExitCode);
        Assert.Equal(ExitCodes.Refused, transcript.Run(["train", .. TinyImages.Quick, "--output", "mine/thesis.txt"]).ExitCode);
        Assert.Equal(ExitCodes.Refused, transcript.Run(["train", .. TinyImages.Quick, "--output", "mine/thesis.txt/run"]).ExitCode);
        Assert.Equal(ExitCodes.Refused, transcript.Run(["train", .. TinyImages.Quick, "--device", "cuda:99"]).ExitCode);
        transcript.Matches("refused");
        Assert.Equal([folder["mine", "thesis.txt"]], Directory.EnumerateFileSystemEntries(folder["mine"]));
        Assert.Equal("years of work", File.ReadAllText(folder["mine", "thesis.txt"]));
    }

    [Fact]
    public void Damaged_weights_are_bad_data()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, ["train", .. TinyImages.Quick, "--output", "run"], null).ExitCode);
        byte[] weights = File.ReadAllBytes(folder["run", "weights.safetensors"]);
        weights[^5] ^= 0x10;
        File.WriteAllBytes(folder["run", "weights.safetensors"], weights);
        Outcome outcome = DvaeProcess.Run(folder.Path, "evaluate", "run");
        Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
        Assert.Contains("weights.safetensors", outcome.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public void An_output_that_cannot_be_written_is_refused()
    {
        using var folder = new Folder();
        Assert.Equal(ExitCodes.Refused, DvaeProcess.Shell(folder.Path, "\"$DVAE\" manifolds > /dev/full").ExitCode);
    }

    [MountFact]
    public void A_full_disk_ends_with_5_and_keeps_what_was_whole()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Directory.CreateDirectory(folder["disk"]);
        MountFactAttribute.Mount(folder["disk"], kilobytes: 1024);
        try
        {
            // A file of about 0.4 MB: the first run has one, the second its first, but no room is left to write its next beside it.
            string[] args = ["train", .. TinyImages.Quick, "--encoder-widths", "256,256", "--decoder-widths", "256"];
            Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. args, "--output", "disk/first", "--epochs", "1"], null).ExitCode);
            byte[] kept = File.ReadAllBytes(folder["disk", "first", "weights.safetensors"]);
            Outcome outcome = DvaeProcess.Run(folder.Path, [.. args, "--output", "disk/second", "--epochs", "3"], null);
            Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
            Assert.Contains("dvae: No space left on device", outcome.Error, StringComparison.Ordinal);
            Assert.Contains("weights of epoch 1", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(kept, File.ReadAllBytes(folder["disk", "first", "weights.safetensors"]));
            Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "disk/second").ExitCode);
        }
        finally
        {
            MountFactAttribute.Unmount(folder["disk"]);
        }
    }
}
