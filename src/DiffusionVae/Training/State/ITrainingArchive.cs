namespace DiffusionVae.Training;

/// <summary>Keeps the state of training where it outlives the process.</summary>
internal interface ITrainingArchive
{
    /// <summary>Restores the state that was saved last; called once, before the first step.</summary>
    /// <returns>Where the run goes on; null for a new run. Without a checkpoint the state stays as it
    /// is.</returns>
    Resumption? Restore(TrainingState state);

    /// <summary>Saves the state if it is time to; called at the beginning of each epoch.</summary>
    void SaveIfDue(TrainingState state);

    /// <summary>Saves the state; called before training stops, maybe in the middle of an epoch.</summary>
    void Save(TrainingState state);
}
