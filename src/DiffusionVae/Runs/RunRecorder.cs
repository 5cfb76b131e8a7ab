using System.Diagnostics;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Writes the directory of a run while it is trained, and takes a run that was interrupted up again.</summary>
internal sealed class RunRecorder(Run run, Checkpoints checkpoints, bool resumes, TimeSpan checkpointInterval, ITrainingObserver? next)
    : ITrainingObserver, ITrainingArchive
{
    private readonly Stopwatch sinceCheckpoint = new();

    public bool Restore(TrainingState state)
    {
        if (!resumes)
        {
            AtomicFile.WriteText(run.Directory.Config, run.Config.ToJson() + "\n");
            MetricsFile.Write(run.Directory.Metrics, []);
        }
        // Here alone: a directory that vanishes later must not come into being again, on another disk perhaps.
        Directory.CreateDirectory(run.Directory.Checkpoints);
        return resumes && Resume(state);
    }

    public void SaveIfDue(TrainingState state)
    {
        // The first shows at once whether there is room and right to write.
        if (!sinceCheckpoint.IsRunning || sinceCheckpoint.Elapsed >= checkpointInterval)
        {
            Save(state);
        }
    }

    public void Save(TrainingState state)
    {
        checkpoints.Write(state);
        sinceCheckpoint.Restart();
    }

    public void StepDone(TrainingStep progress) => next?.StepDone(progress);

    public void EpochDone(EpochMetrics metrics)
    {
        WeightsFile.Write(run, metrics.Epoch);
        MetricsFile.Append(run.Directory.Metrics, metrics);
        next?.EpochDone(metrics);
    }

    private bool Resume(TrainingState state)
    {
        run.Directory.DeleteRemains();
        (string? path, IReadOnlyList<string> faults) = checkpoints.Restore(state);
        if (path is not null)
        {
            sinceCheckpoint.Start();
        }
        List<string> repairs = [.. faults.Select(fault => $"{fault}. The checkpoint before it is taken.")];
        RestoreMetrics(state, repairs);
        next?.Resumed(new Resumption(state.Epoch, state.Step, path, repairs));
        return path is not null;
    }

    /// <summary>Writes the table again up to the epochs that are over: later ones will come again, and a row may have been cut short.</summary>
    private void RestoreMetrics(TrainingState state, List<string> repairs)
    {
        IReadOnlyDictionary<int, double> seconds = MetricsFile.Seconds(run.Directory.Metrics, state.History);
        int[] lost = [.. state.History.Select(epoch => epoch.Epoch).Except(seconds.Keys)];
        if (lost.Length > 0)
        {
            repairs.Add($"{run.Directory.Metrics}: rows missing or damaged, of epoch {string.Join(", ", lost)}; they are written again, without their seconds.");
        }
        for (int i = 0; i < state.History.Count; i++)
        {
            state.History[i] = state.History[i] with { Seconds = seconds.GetValueOrDefault(i + 1, double.NaN) };
        }
        MetricsFile.Write(run.Directory.Metrics, state.History);
    }
}
