namespace DiffusionVae.Training;

/// <summary>What a start came to on trial.</summary>
/// <param name="Start">Which, from 0.</param>
/// <param name="Starts">Of how many.</param>
/// <param name="Epochs">How long the trial was.</param>
/// <param name="Elbo">The mean of the last of these epochs over the training images, in nats per image; null where training diverged.</param>
public sealed record RestartTrial(int Start, int Starts, int Epochs, double? Elbo);
