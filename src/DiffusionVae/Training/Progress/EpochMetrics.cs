using DiffusionVae.Evaluation;

namespace DiffusionVae.Training;

/// <summary>Results of one epoch. ELBO and KL are in nats per image, MSE per pixel.</summary>
public sealed class EpochMetrics
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>
    /// The wall time of the epoch, evaluation included, in seconds; NaN if it is not known any more.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// The ELBO of the training images, a mean over the steps of the epoch, with the divergence at full
    /// weight.
    /// </summary>
    public required double TrainElbo { get; init; }

    /// <summary>The KL of the training images, a mean over the steps of the epoch.</summary>
    public required double TrainKl { get; init; }

    /// <summary>The squared error of the training images, a mean over the steps of the epoch.</summary>
    public required double TrainMse { get; init; }

    /// <summary>
    /// The score on the validation images after the epoch: the test images, or those held out.
    /// </summary>
    public required ModelScore Validation { get; init; }

    /// <summary>The same results with another wall time.</summary>
    internal EpochMetrics WithSeconds(double seconds) => new()
    {
        Epoch = Epoch,
        Seconds = seconds,
        TrainElbo = TrainElbo,
        TrainKl = TrainKl,
        TrainMse = TrainMse,
        Validation = Validation,
    };
}
