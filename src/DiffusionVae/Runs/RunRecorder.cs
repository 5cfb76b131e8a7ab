using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Writes the weights and metrics of a run into its directory after each epoch.</summary>
internal sealed class RunRecorder(Run run) : ITrainingObserver
{
    public void EpochDone(EpochMetrics metrics)
    {
        WeightsFile.Write(run, metrics.Epoch);
        MetricsFile.Append(run.Directory.Metrics, metrics);
    }
}
