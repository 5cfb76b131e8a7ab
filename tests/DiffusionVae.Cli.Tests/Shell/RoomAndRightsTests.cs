namespace DiffusionVae.Cli.Tests;

/// <summary>
/// The system gives no room, no right or no place any more: the run ends with a clear message, and what was
/// saved is whole.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class RoomAndRightsTests : IDisposable
{
    private const string Remedy = "what was saved before is whole. When there is a remedy, go on with: dvae train --resume disk/run\n";

    /// <summary>Weights of about 0.3 MB, and so checkpoints of about 1 MB.</summary>
    private static readonly string[] Train =
        [.. TinyImages.TrainQuickly, "--encoder-widths", "256,256", "--decoder-widths", "256", "--checkpoint-seconds", "0", "--output",
            "disk/run"];

    private readonly Folder folder = new();
    private bool mounted;

    public RoomAndRightsTests()
    {
        TinyImages.Write(folder["tiny"]);
        Directory.CreateDirectory(folder["disk"]);
    }

    public void Dispose()
    {
        if (mounted)
        {
            MountFactAttribute.Unmount(folder["disk"]);
        }
        folder.Dispose();
    }

    [MountFact]
    public void On_a_full_disk_a_run_ends_with_5_and_goes_on_when_there_is_room()
    {
        // Room for two checkpoints and the weights, not for a third beside them, which is there while it is
        // written.
        Mount(kilobytes: 2800);
        Outcome full = DvaeProcess.Run(folder.Path, [.. Train, "--epochs", "4"], null);
        Assert.Equal(ExitCodes.Refused, full.ExitCode);
        Assert.Contains("dvae: No space left on device", full.Error, StringComparison.Ordinal);
        Assert.Contains(Remedy, full.Error, StringComparison.Ordinal);
        Assert.Equal(2, FinishedRun.Checkpoints(folder["disk", "run"]).Length);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "disk/run").ExitCode);

        MountFactAttribute.Remount(folder["disk"], "size=8m");
        Outcome resumed = DvaeProcess.Run(folder.Path, "train", "--resume", "disk/run", "--no-figures");
        Assert.Equal(ExitCodes.Success, resumed.ExitCode);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, [.. Train, "--epochs", "4", "--output", "whole"], null).ExitCode);
        FinishedRun.AssertSame(folder["whole"], folder["disk", "run"]);
    }

    [MountFact]
    public void Without_room_for_a_checkpoint_a_run_ends_before_its_first_step()
    {
        Mount(kilobytes: 1000);
        Outcome full = DvaeProcess.Run(folder.Path, Train, null);
        Assert.Equal(ExitCodes.Refused, full.ExitCode);
        Assert.Contains("dvae: No space left on device", full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 1/", full.Error, StringComparison.Ordinal);
    }

    [MountFact]
    public async Task On_a_disk_that_becomes_read_only_a_run_ends_with_5()
    {
        Mount(kilobytes: 8000);
        using DvaeProcess running = DvaeProcess.Start(folder.Path, [.. Train, "--epochs", "1000000"]);
        await running.Line("epoch 1/");
        DateTime end = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!MountFactAttribute.TryRemount(folder["disk"], "ro"))
        {
            // A file was being written.
            Assert.True(DateTime.UtcNow < end, "The disk cannot be made read-only: a file on it stays open for writing.");
        }
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(Remedy, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "evaluate", "disk/run").ExitCode);
        Assert.Equal(ExitCodes.Refused, DvaeProcess.Run(folder.Path, "train", "--resume", "disk/run").ExitCode);

        MountFactAttribute.Remount(folder["disk"], "rw");
        await GoesOn();
    }

    [UnixFact]
    public async Task When_its_directory_is_gone_a_run_ends_with_5_and_makes_no_other()
    {
        using DvaeProcess running = DvaeProcess.Start(folder.Path, [.. Train, "--epochs", "1000000"]);
        await running.Line("epoch 1/");
        Directory.Move(folder["disk"], folder["elsewhere"]);
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
        Assert.Contains("cannot be written: there is no folder", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(
            "dvae: the directory 'disk/run' is gone. Was it moved, or its disk unmounted?", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["disk"]));

        Directory.Move(folder["elsewhere"], folder["disk"]);
        await GoesOn();
    }

    [LimitTheory]
    [InlineData("nofile", 8, "Too many open files")]
    [InlineData("fsize", 100_000, "File too large")]
    public async Task At_a_limit_of_the_system_a_run_ends_with_5(string resource, long most, string message)
    {
        using DvaeProcess running = DvaeProcess.Start(folder.Path, [.. Train, "--epochs", "1000000"]);
        await running.Line("epoch 1/");
        LimitTheoryAttribute.Limit(running.Id, resource, most);
        Outcome outcome = running.Wait();
        Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(Remedy, outcome.Error, StringComparison.Ordinal);
        await GoesOn();
    }

    private void Mount(int kilobytes)
    {
        MountFactAttribute.Mount(folder["disk"], kilobytes);
        mounted = true;
    }

    private async Task GoesOn()
    {
        using DvaeProcess resumed = DvaeProcess.Start(folder.Path, ["train", "--resume", "disk/run", "--no-figures"]);
        await resumed.Line("the run goes on in epoch");
        resumed.Kill();
        resumed.Wait();
    }
}
