namespace DiffusionVae.Cli.Tests;

/// <summary><c>dvae train --resume</c>: a run that was interrupted goes on.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class ResumeTests : IDisposable
{
    private readonly Folder folder = new();

    public ResumeTests() => TinyImages.Write(folder["tiny"]);

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task A_run_that_is_stopped_and_resumed_reports_the_same_as_one_that_is_not()
    {
        // Long walks, so that there is time to stop it.
        string[] args = [.. TinyImages.TrainQuickly, "--epochs", "15", "--steps", "300", "--manifold", "torus:1*euclidean:1"];
        Outcome whole = DvaeProcess.Run(folder.Path, [.. args, "--output", "whole"], null);
        using (DvaeProcess stopped = DvaeProcess.Start(folder.Path, [.. args, "--output", "stopped"]))
        {
            await stopped.Line("epoch 1/");
            stopped.Signal("INT");
            Assert.Equal(ExitCodes.Interrupted, stopped.Wait().ExitCode);
        }
        Outcome resumed = DvaeProcess.Run(folder.Path, "train", "--resume", "stopped", "--no-figures");
        Assert.Equal(ExitCodes.Success, resumed.ExitCode);
        Assert.Equal(whole.Out.Replace("whole", "stopped", StringComparison.Ordinal), resumed.Out);
        FinishedRun.AssertSame(folder["whole"], folder["stopped"]);

        // Once more it has nothing to do, and reports again.
        Outcome again = DvaeProcess.Run(folder.Path, "train", "--resume", "stopped", "--no-figures");
        Assert.Equal((ExitCodes.Success, resumed.Out), (again.ExitCode, again.Out));
        Assert.Contains("dvae: the run is complete; nothing was left to train.", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_resumed_is_refused_in_plain_words()
    {
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--output", "run"], null).ExitCode);
        Directory.Move(folder["tiny"], folder["moved"]);
        File.WriteAllText(folder["broken.json"], "{");
        var transcript = new Transcript(folder.Path);
        string[][] refused =
        [
            ["train", "--resume", "nowhere"],
            ["train", "--resume", "moved"],
            ["train", "--resume", "run", "--epochs", "5", "--threads", "1"],
            ["train", "--resume", "run", "--preset", "paper"],
            ["train", "--resume", "run", "--config", "broken.json"],
            ["train", "--resume", "run", "--output", "other"],
            ["train", "--resume", "run", "--checkpoint-seconds", "-1"],
            ["train", "--resume", "run", "--data", "elsewhere"],
        ];
        Assert.All(refused, args => Assert.Equal(ExitCodes.Usage, transcript.Run(args).ExitCode));
        Assert.Equal(ExitCodes.BadData, transcript.Run("train", "--resume", "run").ExitCode);
        transcript.Matches("resume-refused");
        Outcome moved = DvaeProcess.Run(folder.Path, "train", "--resume", "run", "--data", "moved", "--no-figures");
        Assert.Equal(ExitCodes.Success, moved.ExitCode);
    }

    [UnixFact]
    public async Task A_run_has_one_process_that_writes_it_until_that_is_gone()
    {
        using DvaeProcess first = DvaeProcess.Start(folder.Path, [.. TinyImages.TrainQuickly, "--epochs", "1000000", "--output", "run"]);
        await first.Line("epoch 1/");
        Outcome second = DvaeProcess.Run(folder.Path, "train", "--resume", "run");
        Assert.Equal(ExitCodes.Refused, second.ExitCode);
        Assert.Contains(
            "dvae: another process is training the run in 'run'; wait until it ends, or stop it, or choose another place.\n", second.Error,
            StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--output", "run"], null).ExitCode);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "run").ExitCode);

        first.Kill();
        first.Wait();
        using DvaeProcess third = DvaeProcess.Start(folder.Path, ["train", "--resume", "run", "--no-figures"]);
        await third.Line("the run goes on in epoch");
    }

    [UnixFact]
    public async Task Damage_is_named_and_the_checkpoint_before_it_is_taken()
    {
        await Interrupted();
        string[] checkpoints = FinishedRun.Checkpoints(folder["run"]);
        Assert.Equal(2, checkpoints.Length);
        File.WriteAllBytes(checkpoints[0], File.ReadAllBytes(checkpoints[0])[..^1]);
        using (DvaeProcess resumed = DvaeProcess.Start(folder.Path, ["train", "--resume", "run", "--no-figures"]))
        {
            Assert.Contains("checkpoints/step-", await resumed.Line("truncated"), StringComparison.Ordinal);
            Assert.Contains("The checkpoint before it is taken.", await resumed.Line("truncated"), StringComparison.Ordinal);
            await resumed.Line("the run goes on in epoch");
            resumed.Signal("INT");
            Assert.Equal(ExitCodes.Interrupted, resumed.Wait().ExitCode);
        }

        foreach (string checkpoint in FinishedRun.Checkpoints(folder["run"]))
        {
            File.WriteAllBytes(checkpoint, []);
        }
        Outcome lost = DvaeProcess.Run(folder.Path, "train", "--resume", "run");
        Assert.Equal(ExitCodes.BadData, lost.ExitCode);
        Assert.Contains("no checkpoint can be used; begin the run again, from its config.json.", lost.Error, StringComparison.Ordinal);
        Assert.Contains("the file is empty", lost.Error, StringComparison.Ordinal);

        File.WriteAllText(folder["run", "config.json"], File.ReadAllText(folder["run", "config.json"])[..^10]);
        foreach (string[] args in new string[][] { ["train", "--resume", "run"], ["evaluate", "run"] })
        {
            Outcome unread = DvaeProcess.Run(folder.Path, args);
            Assert.Equal(ExitCodes.BadData, unread.ExitCode);
            Assert.Contains("config.json: not a configuration: ", unread.Error, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task Data_that_changed_since_are_noticed()
    {
        await Interrupted();
        byte[] images = TinyImages.Images(48, 8);
        images[^1] ^= 1;
        File.WriteAllBytes(folder["tiny", TinyImages.Train], images);
        Outcome outcome = DvaeProcess.Run(folder.Path, "train", "--resume", "run");
        Assert.Equal(ExitCodes.BadData, outcome.ExitCode);
        Assert.Matches("tiny: not the data that the run was begun with: expected 48 \\+ 16 images of 8 by 8 pixels with "
            + "SHA-256 [0-9a-f]{64}, as data.json of the run says, found 48 \\+ 16 images", outcome.Error);
    }

    /// <summary>A run of which two checkpoints are left.</summary>
    private async Task Interrupted()
    {
        using DvaeProcess running = DvaeProcess.Start(
            folder.Path, [.. TinyImages.TrainQuickly, "--epochs", "1000000", "--checkpoint-seconds", "0", "--output", "run"]);
        await running.Line("epoch 3/");
        running.Signal("INT");
        Assert.Equal(ExitCodes.Interrupted, running.Wait().ExitCode);
    }
}
