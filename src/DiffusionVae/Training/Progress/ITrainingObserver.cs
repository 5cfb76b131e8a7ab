namespace DiffusionVae.Training;

/// <summary>
/// Receives training progress. Called on the training thread, between steps; members that are not implemented
/// do nothing.
/// </summary>
/// <remarks>
/// The model is in evaluation mode meanwhile. Several observers are joined by <see cref="ObserverList"/>.
/// </remarks>
public interface ITrainingObserver
{
    /// <summary>
    /// A restart was tried; called before a run that chooses among several restarts begins.
    /// </summary>
    void RestartTried(RestartTrial trial)
    {
    }

    /// <summary>
    /// Something was noticed that the user should know; called before the first step or after an epoch.
    /// </summary>
    /// <param name="warning">A sentence.</param>
    void Warned(string warning)
    {
    }

    /// <summary>An interrupted run goes on, or starts over; called before its first step.</summary>
    void Resumed(Resumption from)
    {
    }

    /// <summary>An alignment of the encoder is sought; called before the first step, now and again.</summary>
    /// <param name="share">The share that is done, 0 to 1.</param>
    void Aligning(double share)
    {
    }

    /// <summary>A step is done.</summary>
    void StepDone(TrainingStep progress)
    {
    }

    /// <summary>An epoch is done and scored; the model is as it was scored.</summary>
    void EpochDone(EpochMetrics metrics)
    {
    }
}
