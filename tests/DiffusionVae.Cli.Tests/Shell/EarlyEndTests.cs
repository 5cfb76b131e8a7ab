namespace DiffusionVae.Cli.Tests;

[Trait(Speed.Trait, Speed.Slow)]
public sealed class EarlyEndTests
{
    [UnixFact]
    public async Task Ctrl_C_ends_with_130_and_says_how_to_go_on()
    {
        await EndsInGoodOrder("INT", ExitCodes.Interrupted);
    }

    [UnixTheory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("USR1")]
    public async Task Signals_that_ask_to_end_end_with_143_and_say_how_to_go_on(string signal) =>
        await EndsInGoodOrder(signal, ExitCodes.Terminated);

    [UnixFact]
    public async Task Under_nohup_a_lost_connection_does_not_stop_training()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using DvaeProcess running = DvaeProcess.Start(
            "/bin/sh", folder.Path,
            ["-c", "trap '' HUP; exec \"$@\"", "sh", DvaeProcess.Program, .. TinyImages.TrainQuickly, "--epochs", "1000000", "--output",
            "run"]);
        await running.Line("epoch 1/");
        running.Signal("HUP");
        await running.Line("epoch 30/");
        running.Signal("TERM");
        Assert.Equal(ExitCodes.Terminated, running.Wait().ExitCode);
    }

    [Theory]
    [InlineData("gaussian:1e-18", "no epoch was finished, so 'run' has no weights")]
    [InlineData("gaussian:1e-15", "the weights of epoch 1 and the metrics so far are kept in 'run'")]
    public void Numbers_that_are_not_finite_end_with_4_and_name_the_step(string decoder, string kept)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        // Eight layers whose weights go to ±1 at the first step, and errors weighed by 1/variance: the sooner
        // beyond float32 the smaller that is.
        string[] wild = [
            "--learning-rate", "1", "--decoder-widths", "64,64,64,64,64,64,64,64", "--batch-size", "48", "--epochs", "20", "--decoder",
            decoder];
        Outcome outcome = DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, .. wild, "--output", "run"], null);
        Assert.Equal(ExitCodes.Diverged, outcome.ExitCode);
        Assert.Matches(@"dvae: The (ELBO|gradient|weights).* became .+ at step \d+ \(epoch \d+\)", outcome.Error);
        Assert.Contains("learning rate", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(kept, outcome.Error, StringComparison.Ordinal);
        bool whole = DvaeProcess.Run(folder.Path, "evaluate", "run").ExitCode == ExitCodes.Success;
        Assert.Equal(kept.Contains("are kept", StringComparison.Ordinal), whole);
    }

    /// <summary>The temporary file would be of gigabytes.</summary>
    [UnixFact]
    public async Task Stopped_while_it_writes_images_it_leaves_nothing()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, ["train", .. TinyImages.Quick, "--output", "run"], null).ExitCode);
        using DvaeProcess running = DvaeProcess.Start(folder.Path, ["sample", "run", "--count", "2000000000", "--output", "many.npy"]);
        DateTime end = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!Array.Exists(Directory.GetFiles(folder.Path, ".many.npy.*"), file => new FileInfo(file).Length > 1 << 20))
        {
            Assert.True(DateTime.UtcNow < end, "Nothing was written.");
            await Task.Delay(20);
        }
        running.Signal("INT");
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.EndsWith("dvae: stopped; nothing was written.\n", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [UnixFact]
    public async Task A_second_Ctrl_C_ends_at_once()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        // Steps of half a minute.
        using DvaeProcess running = DvaeProcess.Start(folder.Path, [.. TinyImages.TrainQuickly, "--steps", "500000", "--output", "run"]);
        while (!File.Exists(folder["run", "checkpoints", "step-000000000000.safetensors"]))
        {
            await Task.Delay(50);
        }
        // The first step begins just after the first checkpoint.
        TimeSpan begun = running.ProcessorTime + TimeSpan.FromSeconds(2);
        while (running.ProcessorTime < begun)
        {
            await Task.Delay(50);
        }
        running.Signal("INT");
        await running.Line("stopping after this step; the same again ends at once");
        running.Signal("INT");
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.DoesNotContain("to go on", outcome.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Stopped_while_starts_are_tried_it_leaves_nothing()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using DvaeProcess running =
            DvaeProcess.Start(folder.Path, [.. TinyImages.TrainQuickly, "--epochs", "1000000", "--starts", "2", "--output", "run"]);
        await running.Line("training torus");
        while (!Directory.Exists(folder["run"]))
        {
            await Task.Delay(20);
        }
        // The name is taken while starts are tried: their work is not lost to another run.
        Outcome other = DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--output", "run"], null);
        Assert.Equal(ExitCodes.Refused, other.ExitCode);
        Assert.Contains("another process is training the run in 'run'", other.Error, StringComparison.Ordinal);
        running.Signal("INT");
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.Contains("dvae: stopped before the run began; nothing was written.\n", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static async Task EndsInGoodOrder(string signal, int exitCode)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using DvaeProcess running =
            DvaeProcess.Start(folder.Path, [.. TinyImages.TrainQuickly, "--epochs", "1000000", "--output", "run"]);
        await running.Line("epoch 1/");
        running.Signal(signal);
        Outcome outcome = running.Wait();
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Matches(@"dvae: stopped in epoch \d+ of 1000000; to go on: dvae train --resume run\n", outcome.Error);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "run").ExitCode);

        using DvaeProcess resumed = DvaeProcess.Start(folder.Path, ["train", "--resume", "run", "--no-figures"]);
        Assert.Matches(@"^dvae: the run goes on in epoch \d+ of 1000000, after step \d+\.$", await resumed.Line("goes on"));
    }
}
