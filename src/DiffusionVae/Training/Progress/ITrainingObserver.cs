namespace DiffusionVae.Training;

/// <summary>Whoever wants to know how training goes. Called on the training thread, between steps.</summary>
public interface ITrainingObserver
{
    /// <summary>A run that was interrupted goes on, or starts over; called before its first step.</summary>
    void Resumed(Resumption from)
    {
    }

    /// <summary>A start was tried; called before a run begins that chooses among several.</summary>
    void RestartTried(RestartTrial trial)
    {
    }

    /// <summary>A step is done.</summary>
    void StepDone(TrainingStep progress)
    {
    }

    /// <summary>An epoch is done and measured; the model is in its present state.</summary>
    void EpochDone(EpochMetrics metrics)
    {
    }
}
