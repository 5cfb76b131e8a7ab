namespace DiffusionVae.Training;

/// <summary>Whoever wants to know how training goes. Called on the training thread, between steps.</summary>
public interface ITrainingObserver
{
    /// <summary>A step is done.</summary>
    void StepDone(TrainingStep progress)
    {
    }

    /// <summary>An epoch is done and measured; the model is in its present state.</summary>
    void EpochDone(EpochMetrics metrics)
    {
    }
}
