using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

public sealed class EarlyEndTests
{
    [UnixFact]
    public async Task Ctrl_C_ends_with_130_and_keeps_the_last_epoch()
    {
        await EndsInGoodOrder("INT", ExitCodes.Interrupted);
    }

    [UnixFact]
    public async Task SIGTERM_ends_with_143_and_keeps_the_last_epoch()
    {
        await EndsInGoodOrder("TERM", ExitCodes.Terminated);
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_with_4_and_names_the_step()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        Outcome outcome = DvaeProcess.Run(
            folder.Path, ["train", .. TinyImages.Quick, "--epochs", "50", "--learning-rate", "1", "--decoder", "gaussian:1e-35", "--output", "run"], null);
        Assert.Equal(ExitCodes.Diverged, outcome.ExitCode);
        Assert.Matches(@"dvae: The ELBO.* became .+ at step \d+ \(epoch \d+\)", outcome.Error);
        Assert.Contains("learning rate", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_good_weights_are_kept_when_the_next_are_not_finite()
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        // One step an epoch, the first without the divergence: its weight grows from zero. The second is infinite.
        Outcome outcome = DvaeProcess.Run(
            folder.Path, ["train", .. TinyImages.Quick, "--epochs", "4", "--batch-size", "48", "--kl-weight", "1e300", "--kl-warmup", "1", "--output", "run"], null);
        Assert.Equal(ExitCodes.Diverged, outcome.ExitCode);
        Assert.Contains("at step 2 (epoch 2)", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("the weights of epoch 1 and the metrics so far are kept in 'run'", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "run").ExitCode);
    }

    private static async Task EndsInGoodOrder(string signal, int exitCode)
    {
        using var folder = new Folder();
        TinyImages.Write(folder["tiny"]);
        using DvaeProcess running = DvaeProcess.Start(folder.Path, ["train", .. TinyImages.Quick, "--epochs", "1000000", "--output", "run"]);
        await running.FirstEpoch.WaitAsync(TimeSpan.FromMinutes(1));
        using (Process kill = Process.Start("/bin/sh", ["-c", FormattableString.Invariant($"kill -{signal} {running.Id}")]))
        {
            await kill.WaitForExitAsync();
        }
        Outcome outcome = running.Wait();
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Matches(@"dvae: stopped in epoch \d+ of 1000000; the weights of epoch \d+ and the metrics so far are kept in 'run'", outcome.Error);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "run").ExitCode);
    }
}
