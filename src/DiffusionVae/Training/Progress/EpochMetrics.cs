using DiffusionVae.Evaluation;

namespace DiffusionVae.Training;

/// <summary>What an epoch came to. ELBO and KL in nats per image, MSE per pixel.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Seconds">Wall time of the epoch, evaluation included.</param>
/// <param name="TrainElbo">Mean over the epoch's steps, with the divergence at full weight.</param>
/// <param name="TrainKl">Mean over the epoch's steps.</param>
/// <param name="TrainMse">Mean over the epoch's steps.</param>
/// <param name="Validation">On the images set apart, after the epoch.</param>
public sealed record EpochMetrics(int Epoch, double Seconds, double TrainElbo, double TrainKl, double TrainMse, ModelScore Validation);
