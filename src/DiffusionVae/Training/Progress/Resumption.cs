namespace DiffusionVae.Training;

/// <summary>Where a run that was interrupted goes on.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The number of steps of the run that were done.</param>
/// <param name="Checkpoint">The file it goes on from; null where none had been written, and it starts over.</param>
/// <param name="Repairs">What was damaged and what was done about it, a sentence each.</param>
public sealed record Resumption(int Epoch, long Step, string? Checkpoint, IReadOnlyList<string> Repairs);
