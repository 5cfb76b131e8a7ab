using System.Buffers.Binary;
using System.Numerics;
using DiffusionVae.Training;
using Google.Protobuf;
using Tensorboard;

namespace DiffusionVae.Runs;

/// <summary>Writes the results of each epoch of a run for TensorBoard, as scalars, into the folder
/// <see cref="RunDirectory.TensorBoard"/>.</summary>
/// <remarks>
/// <para>
/// The folder has one event file: records of TensorFlow's TFRecord format, each with two checksums, and in
/// each a message <c>Event</c>, one for each epoch. A run that is taken up writes the file again, up to where
/// it goes on, so that no epoch stands there twice.
/// </para>
/// <para>
/// TorchSharp's <c>SummaryWriter</c> gives times in ticks, where TensorBoard reads seconds, and writes a
/// record in pieces, which a reader at the same time takes for damage.
/// </para>
/// </remarks>
/// <param name="path">The directory of the run.</param>
public sealed class TensorBoardLog(string path) : ITrainingObserver
{
    private const string FileVersion = "brain.Event:2";
    private const uint CrcMask = 0xa282ead8;
    private readonly RunDirectory directory = new(path);
    private string? file;

    /// <summary>Writes the log of the epochs that are over, in place of the one there is.</summary>
    /// <exception cref="Data.DataFormatException">The table of the run is missing or damaged.</exception>
    /// <exception cref="IOException">The system failed to write.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public void Rewrite() => Begin(directory.ReadMetrics());

    /// <inheritdoc/>
    public void Resumed(Resumption from) => Rewrite();

    /// <inheritdoc/>
    public void StepDone(TrainingStep progress)
    {
        if (file is null)
        {
            Begin([]);
        }
    }

    /// <inheritdoc/>
    public void EpochDone(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        // In one piece: TensorBoard may be reading.
        File.AppendAllBytes(file!, Record(Scalars(metrics, Now)));
    }

    private static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private void Begin(IReadOnlyList<EpochMetrics> history)
    {
        Directory.CreateDirectory(directory.TensorBoard);
        // Ours alone: the folder may have logs of others too.
        string[] old = Directory.GetFiles(directory.TensorBoard, "events.out.tfevents.*.dvae");
        // TensorBoard goes on with the file of the later name, and forgets at a start what it has read.
        double time = Now;
        file = Path.Combine(directory.TensorBoard, Invariant($"events.out.tfevents.{(long)time:d10}.dvae"));
        Event[] start =
        [
            new() { WallTime = time, FileVersion = FileVersion },
            new() { WallTime = time, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } },
        ];
        AtomicFile.Write(file, stream =>
        {
            foreach (Event record in start.Concat(Past(history, time)))
            {
                stream.Write(Record(record));
            }
        });
        foreach (string other in old.Where(other => other != file))
        {
            File.Delete(other);
        }
    }

    /// <summary>The epochs that are over, at times as if they had followed each other up to now.</summary>
    private static IEnumerable<Event> Past(IReadOnlyList<EpochMetrics> history, double now)
    {
        double left = history.Sum(Known);
        foreach (EpochMetrics row in history)
        {
            left -= Known(row);
            yield return Scalars(row, now - left);
        }
        static double Known(EpochMetrics row) => double.IsNaN(row.Seconds) ? 0 : row.Seconds;
    }

    private static Event Scalars(EpochMetrics row, double time)
    {
        (string Tag, double Value)[] scalars =
        [
            ("elbo/train", row.TrainElbo), ("elbo/test", row.Validation.Elbo),
            ("kl/train", row.TrainKl), ("kl/test", row.Validation.Kl),
            ("mse/train", row.TrainMse), ("mse/test", row.Validation.Mse),
            ("log_t/mean", row.Validation.LogTime), ("seconds/epoch", row.Seconds),
        ];
        return new Event
        {
            Step = row.Epoch,
            WallTime = time,
            Summary = new Summary { Value = { scalars.Select(
                scalar => new Summary.Types.Value { Tag = scalar.Tag, SimpleValue = (float)scalar.Value }) } },
        };
    }

    /// <summary>The length of a message, its checksum, the message, its checksum.</summary>
    private static byte[] Record(Event message)
    {
        byte[] content = message.ToByteArray();
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        return [.. length, .. Checksum(length), .. content, .. Checksum(content)];
    }

    /// <summary>CRC-32C, turned and shifted, since a checksum of data that contain checksums says
    /// little.</summary>
    private static byte[] Checksum(byte[] bytes)
    {
        uint crc = ~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        byte[] masked = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(crc, 15) + CrcMask);
        return masked;
    }
}
