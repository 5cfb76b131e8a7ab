namespace DiffusionVae.Training;

/// <summary>Where training stands after a step.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The number of steps done in the whole run.</param>
/// <param name="Steps">The number of steps of the whole run.</param>
/// <param name="Elbo">The mean ELBO of this batch, in nats per image, with the divergence at full weight.</param>
public readonly record struct TrainingStep(int Epoch, long Step, long Steps, double Elbo);
