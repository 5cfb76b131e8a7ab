namespace DiffusionVae.Training;

/// <summary>Training produced a NaN or infinity.</summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string what, double value, long step, int epoch)
        : base(Invariant($"The {what} became {value} at step {step} (epoch {epoch}).")
            + " Try a lower learning rate, or look for outliers in the data.")
    {
        Step = step;
        Epoch = epoch;
    }

    /// <summary>The step that failed, counted from 1 over the whole run.</summary>
    public long Step { get; }

    /// <summary>The epoch of that step, counted from 1.</summary>
    public int Epoch { get; }
}
