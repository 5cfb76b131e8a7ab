using DiffusionVae.Training;

namespace DiffusionVae.Cli.Output;

/// <summary>Counts the epochs that a run has finished, to say what is kept when it ends early.</summary>
internal sealed class EpochCount
{
    public int Done { get; private set; }

    /// <summary>An observer that counts and then tells another.</summary>
    public ITrainingObserver Before(ITrainingObserver next) => new Counter(this, next);

    public string Kept(string directory) => Done == 0
        ? $"no epoch was finished, so '{directory}' has no weights."
        : FormattableString.Invariant($"the weights of epoch {Done} and the metrics so far are kept in '{directory}'.");

    private sealed class Counter(EpochCount count, ITrainingObserver next) : ITrainingObserver
    {
        public void StepDone(TrainingStep progress) => next.StepDone(progress);

        public void EpochDone(EpochMetrics metrics)
        {
            count.Done = metrics.Epoch;
            next.EpochDone(metrics);
        }
    }
}
