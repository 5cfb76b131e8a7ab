namespace DiffusionVae.Training;

/// <summary>Several observers as one; each is told in turn.</summary>
public sealed class ObserverList : ITrainingObserver
{
    private readonly ITrainingObserver[] observers;

    /// <summary>Joins observers.</summary>
    /// <param name="observers">The observers, in the order in which they are told; those that are null are
    /// left out.</param>
    public ObserverList(params IEnumerable<ITrainingObserver?> observers)
    {
        ArgumentNullException.ThrowIfNull(observers);
        this.observers = [.. observers.OfType<ITrainingObserver>()];
    }

    /// <inheritdoc/>
    public void Resumed(Resumption from) => Array.ForEach(observers, observer => observer.Resumed(from));

    /// <inheritdoc/>
    public void RestartTried(RestartTrial trial) => Array.ForEach(observers, observer => observer.RestartTried(trial));

    /// <inheritdoc/>
    public void Warned(string warning) => Array.ForEach(observers, observer => observer.Warned(warning));

    /// <inheritdoc/>
    public void Aligning(double share) => Array.ForEach(observers, observer => observer.Aligning(share));

    /// <inheritdoc/>
    public void StepDone(TrainingStep progress) => Array.ForEach(observers, observer => observer.StepDone(progress));

    /// <inheritdoc/>
    public void EpochDone(EpochMetrics metrics) => Array.ForEach(observers, observer => observer.EpochDone(metrics));
}
