using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>A row of <c>metrics.csv</c>: what an epoch came to. ELBO and KL in nats per image, MSE per pixel; the test's on the images set apart.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Seconds">Wall time of the epoch; NaN where it was lost.</param>
/// <param name="TrainElbo">On the images trained on.</param>
/// <param name="TrainKl">On the images trained on.</param>
/// <param name="TrainMse">On the images trained on.</param>
/// <param name="TestElbo">After the epoch.</param>
/// <param name="TestKl">After the epoch.</param>
/// <param name="TestMse">After the epoch.</param>
/// <param name="LogTime">The mean log t over the images set apart.</param>
public sealed record MetricsRow(
    int Epoch, double Seconds, double TrainElbo, double TrainKl, double TrainMse, double TestElbo, double TestKl, double TestMse, double LogTime)
{
    /// <summary>The row of an epoch.</summary>
    internal static MetricsRow Of(EpochMetrics metrics) => new(
        metrics.Epoch, metrics.Seconds, metrics.TrainElbo, metrics.TrainKl, metrics.TrainMse, metrics.Validation.Elbo, metrics.Validation.Kl, metrics.Validation.Mse, metrics.Validation.LogTime);
}
