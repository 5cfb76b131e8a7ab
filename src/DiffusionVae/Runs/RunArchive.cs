using System.Diagnostics;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Begins the directory of a run, or takes up a run that was interrupted, and writes its
/// checkpoints.</summary>
/// <param name="directory">The directory.</param>
/// <param name="config">The configuration of the run.</param>
/// <param name="data">Its data.</param>
/// <param name="checkpoints">Its checkpoints.</param>
/// <param name="resumes">Whether the run was begun before.</param>
/// <param name="interval">The time between two checkpoints, at least.</param>
internal sealed class RunArchive(
    RunDirectory directory, RunConfig config, DataRecord data, Checkpoints checkpoints, bool resumes, TimeSpan interval) : ITrainingArchive
{
    private readonly Stopwatch sinceCheckpoint = new();

    public Resumption? Restore(TrainingState state)
    {
        if (!resumes)
        {
            AtomicFile.WriteText(directory.Config, config.ToJson() + "\n");
            MetricsFile.Write(directory.Metrics, []);
        }
        if (!File.Exists(directory.Data))
        {
            data.Write(directory);
        }
        // Only here: a directory that vanishes later must not be made again, perhaps on another disk.
        Directory.CreateDirectory(directory.Checkpoints);
        return resumes ? Resume(state) : null;
    }

    public void SaveIfDue(TrainingState state)
    {
        // The first is written at once, and shows whether there is room and right to write.
        if (!sinceCheckpoint.IsRunning || sinceCheckpoint.Elapsed >= interval)
        {
            Save(state);
        }
    }

    public void Save(TrainingState state)
    {
        checkpoints.Write(state);
        sinceCheckpoint.Restart();
    }

    private Resumption Resume(TrainingState state)
    {
        directory.DeleteRemains();
        (string? path, IReadOnlyList<string> faults) = checkpoints.Restore(state);
        if (path is not null)
        {
            sinceCheckpoint.Start();
        }
        List<string> repairs = [.. faults.Select(fault => $"{fault}. The checkpoint before it is taken.")];
        RestoreMetrics(state, repairs);
        return new Resumption { Epoch = state.Epoch, Step = state.Step, Checkpoint = path, Repairs = repairs };
    }

    /// <summary>
    /// Writes the table of metrics again, up to the epochs that are over: later ones will be trained again,
    /// and a row may have been cut short.
    /// </summary>
    private void RestoreMetrics(TrainingState state, List<string> repairs)
    {
        IReadOnlyDictionary<int, double> seconds = MetricsFile.Seconds(directory.Metrics, state.History);
        int[] lost = [.. state.History.Select(epoch => epoch.Epoch).Except(seconds.Keys)];
        if (lost.Length > 0)
        {
            repairs.Add(
                $"{directory.Metrics}: rows missing or damaged, of epoch {string.Join(", ", lost)}; "
                + "they are written again, without their seconds.");
        }
        for (int i = 0; i < state.History.Count; i++)
        {
            state.History[i] = state.History[i].WithSeconds(seconds.GetValueOrDefault(i + 1, double.NaN));
        }
        MetricsFile.Write(directory.Metrics, state.History);
    }
}
