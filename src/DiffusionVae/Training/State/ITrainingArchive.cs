namespace DiffusionVae.Training;

/// <summary>Keeps the state of training where it outlives the process.</summary>
internal interface ITrainingArchive
{
    /// <summary>Takes the state to where it was last saved.</summary>
    /// <returns>Whether it was saved; else it stays as it is.</returns>
    bool Restore(TrainingState state);

    /// <summary>An epoch begins: a good moment to save, if it is time.</summary>
    void SaveIfDue(TrainingState state);

    /// <summary>Training is about to stop here, maybe in the middle of an epoch.</summary>
    void Save(TrainingState state);
}
