using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Writes the directory of a run while it is trained.</summary>
internal sealed class RunRecorder : ITrainingObserver
{
    private readonly RunDirectory directory;
    private readonly RunConfig config;
    private readonly DiffusionAutoencoder model;
    private readonly ImageSize size;
    private readonly ITrainingObserver? next;

    public RunRecorder(RunDirectory directory, RunConfig config, DiffusionAutoencoder model, ImageSize size, ITrainingObserver? next)
    {
        (this.directory, this.config, this.model, this.size, this.next) = (directory, config, model, size, next);
        directory.Claim();
        AtomicFile.WriteText(directory.Config, config.ToJson() + "\n");
        MetricsFile.Create(directory.Metrics);
    }

    public void StepDone(TrainingStep progress) => next?.StepDone(progress);

    public void EpochDone(EpochMetrics metrics)
    {
        WeightsFile.Write(directory.Weights, model, config, size);
        MetricsFile.Append(directory.Metrics, MetricsRow.Of(metrics));
        next?.EpochDone(metrics);
    }
}
