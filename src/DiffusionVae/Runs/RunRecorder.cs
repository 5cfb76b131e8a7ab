using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Writes the weights and metrics of a run into its directory after each epoch.</summary>
internal sealed class RunRecorder(RunDirectory directory, RunConfig config, DiffusionAutoencoder model, ObservationShape shape)
    : ITrainingObserver
{
    public void EpochDone(EpochMetrics metrics)
    {
        WeightsFile.Write(directory.Weights, model, config, shape, metrics.Epoch);
        MetricsFile.Append(directory.Metrics, metrics);
    }
}
