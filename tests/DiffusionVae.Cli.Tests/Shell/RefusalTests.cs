namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
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
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--output", "run"], null).ExitCode);
        byte[] weights = File.ReadAllBytes(folder["run", "weights.safetensors"]);
        weights[^5] ^= 0x10;
        File.WriteAllBytes(folder["run", "weights.safetensors"], weights);
        Outcome outcome = DvaeProcess.Run(folder.Path, "evaluate", "run");
        Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
        Assert.Contains("weights.safetensors", outcome.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public void Progress_that_cannot_be_shown_stops_nothing()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        string train = $"train {string.Join(' ', TinyImages.Quick)}";
        Outcome outcome =
            DvaeProcess.Shell(folder.Path, $"\"$DVAE\" {train} --output run 2>/dev/full && \"$DVAE\" evaluate run 2>/dev/full");
        Assert.Equal(ExitCodes.Success, outcome.ExitCode);
        Assert.Equal(4, File.ReadLines(folder["run", "metrics.csv"]).Count());
        Assert.Equal(ExitCodes.Usage, DvaeProcess.Shell(folder.Path, "\"$DVAE\" train --nothing 2>/dev/full").ExitCode);
    }

    [UnixFact]
    public void Results_that_cannot_be_written_are_refused_and_the_stream_is_named()
    {
        using var folder = new Folder();
        foreach (string stream in new[] { "> /dev/full", ">&-" })
        {
            Outcome outcome = DvaeProcess.Shell(folder.Path, $"\"$DVAE\" manifolds {stream}");
            Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
            Assert.StartsWith("dvae: standard output cannot be written to: ", outcome.Error, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public void An_output_that_cannot_be_written_is_refused()
    {
        using var folder = new Folder();
        Assert.Equal(ExitCodes.Refused, DvaeProcess.Shell(folder.Path, "\"$DVAE\" manifolds > /dev/full").ExitCode);
    }
}
