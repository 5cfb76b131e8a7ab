namespace DiffusionVae.Training;

/// <summary>Where an interrupted run goes on.</summary>
public sealed class Resumption
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of steps of the run that are done.</summary>
    public required long Step { get; init; }

    /// <summary>
    /// The checkpoint file from which the run goes on; null if there was none, and the run starts over.
    /// </summary>
    public required string? Checkpoint { get; init; }

    /// <summary>What was damaged and how it was repaired, a sentence each.</summary>
    public required IReadOnlyList<string> Repairs { get; init; }
}
