using DiffusionVae.Training;

namespace DiffusionVae.Cli.Output;

/// <summary>A line for each epoch, and for each start that is tried.</summary>
internal sealed class PlainProgress(TextWriter output, int epochs) : ITrainingObserver
{
    public void StartTried(StartTrial trial) => output.WriteLine(FormattableString.Invariant(
        $"start {trial.Start} of 0 to {trial.Starts - 1}  train ELBO {trial.Elbo:0.000} in epoch {trial.Epochs}"));

    public void EpochDone(EpochMetrics metrics) => output.WriteLine(FormattableString.Invariant(
        $"epoch {metrics.Epoch}/{epochs}  {metrics.Seconds:0.0} s  train ELBO {metrics.TrainElbo:0.000}  test ELBO {metrics.Test.Value:0.000}  KL {metrics.Test.Kl:0.000}  MSE {metrics.Test.Mse:0.00000}  log t {metrics.Test.LogTime:0.00}"));
}
