using DiffusionVae.Runs;
using DiffusionVae.Training;
using Tensorboard;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// <c>dvae train --tensorboard</c>: the file is one that TensorBoard reads, and says what metrics.csv says.
/// </summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class TensorBoardTests : IDisposable
{
    private readonly Folder folder = new();

    public TensorBoardTests() => TinyImages.Write(folder["tiny"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_epoch_is_logged()
    {
        DateTime start = DateTime.UtcNow;
        Assert.Equal(
            ExitCodes.Success,
            DvaeProcess.Run(folder.Path, [.. TinyImages.TrainQuickly, "--tensorboard", "--output", "run"], null).ExitCode);
        Event[] epochs = AssertSaysWhatMetricsSay();
        double[] times = [.. epochs.Select(epoch => epoch.WallTime)];
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], (start - DateTime.UnixEpoch).TotalSeconds, (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);

        // Of a run that has no log, or has lost it, one is written afterwards.
        Directory.Delete(folder["run", "tensorboard"], recursive: true);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "train", "--resume", "run", "--tensorboard", "--no-figures").ExitCode);
        AssertSaysWhatMetricsSay();
    }

    [UnixFact]
    public async Task A_run_that_is_killed_and_resumed_logs_every_epoch_once()
    {
        // Long walks, so that there is time to kill it. The only checkpoint is the first: all epochs come
        // again.
        string[] args = [
            .. TinyImages.TrainQuickly, "--epochs", "15", "--steps", "300", "--manifold", "torus:1*euclidean:1", "--tensorboard",
            "--output", "run"];
        using (DvaeProcess killed = DvaeProcess.Start(folder.Path, args))
        {
            await killed.Line("epoch 2/");
            killed.Kill();
            killed.Wait();
        }
        string log = Assert.Single(Directory.GetFiles(folder["run", "tensorboard"]));
        Assert.Contains(Events(log), record => record.Step == 2);
        // As if it had been killed in the middle of a record.
        File.WriteAllBytes(log, File.ReadAllBytes(log)[..^5]);
        Assert.Equal(ExitCodes.Success, DvaeProcess.Run(folder.Path, "train", "--resume", "run", "--no-figures").ExitCode);
        AssertSaysWhatMetricsSay();
    }

    /// <returns>The events of the epochs.</returns>
    private Event[] AssertSaysWhatMetricsSay()
    {
        Event[] events = [.. Events(Assert.Single(Directory.GetFiles(folder["run", "tensorboard"])))];
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(SessionLog.Types.SessionStatus.Start, events[1].SessionLog.Status);
        IReadOnlyList<EpochMetrics> rows = new RunDirectory(folder["run"]).ReadMetrics();
        Event[] epochs = events[2..];
        Assert.Equal(rows.Select(row => (long)row.Epoch), epochs.Select(epoch => epoch.Step));
        foreach ((EpochMetrics row, Event epoch) in rows.Zip(epochs))
        {
            Dictionary<string, float> scalars = epoch.Summary.Value.ToDictionary(value => value.Tag, value => value.SimpleValue);
            var expected = new Dictionary<string, double>
            {
                ["elbo/train"] = row.TrainElbo,
                ["elbo/test"] = row.Validation.Elbo,
                ["kl/train"] = row.TrainKl,
                ["kl/test"] = row.Validation.Kl,
                ["mse/train"] = row.TrainMse,
                ["mse/test"] = row.Validation.Mse,
                ["log_t/mean"] = row.Validation.LogTime,
                ["seconds/epoch"] = row.Seconds,
            };
            Assert.Equal(expected.Keys.Order(), scalars.Keys.Order());
            // The log has float32, the table milliseconds.
            Assert.All(expected, pair =>
                Assert.Equal(pair.Value, scalars[pair.Key], pair.Key == "seconds/epoch" ? 1e-3 : 1e-7 * Math.Abs(pair.Value)));
        }
        return epochs;
    }

    /// <summary>Reads an event file as TensorBoard does, checking all checksums.</summary>
    private static IEnumerable<Event> Events(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int at = 0; at < bytes.Length;)
        {
            byte[] length = bytes[at..(at + 8)];
            int end = at + 12 + (int)BitConverter.ToUInt64(length);
            byte[] content = bytes[(at + 12)..end];
            Assert.Equal(MaskedCrc(length), BitConverter.ToUInt32(bytes, at + 8));
            Assert.Equal(MaskedCrc(content), BitConverter.ToUInt32(bytes, end));
            yield return Event.Parser.ParseFrom(content);
            at = end + 4;
        }
    }

    /// <summary>CRC-32C bit by bit (RFC 3720, appendix B.4), and the mask of TFRecord.</summary>
    private static uint MaskedCrc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
            }
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
