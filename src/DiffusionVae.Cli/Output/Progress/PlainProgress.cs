using DiffusionVae.Evaluation;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Output;

/// <summary>A line for each epoch, and for each start that is tried.</summary>
internal sealed class PlainProgress(TextWriter output, int epochs) : ITrainingObserver
{
    /// <summary>The result of a restart in one line.</summary>
    public static string Line(RestartTrial trial)
    {
        string result = trial.Elbo is { } elbo
            ? FormattableString.Invariant($"train ELBO {elbo:0.000} in epoch {trial.Epochs}")
            : "diverged";
        return FormattableString.Invariant($"start {trial.Restart} of 0 to {trial.Restarts - 1}  {result}");
    }

    public void RestartTried(RestartTrial trial) => output.WriteLine(Line(trial));

    public void EpochDone(EpochMetrics metrics)
    {
        ModelScore score = metrics.Validation;
        output.WriteLine(
            FormattableString.Invariant($"epoch {metrics.Epoch}/{epochs}  {metrics.Seconds:0.0} s  train ELBO {metrics.TrainElbo:0.000}  ")
            + FormattableString.Invariant($"test ELBO {score.Elbo:0.000}  KL {score.Kl:0.000}  MSE {score.Mse:0.00000}  ")
            + FormattableString.Invariant($"log t {score.LogTime:0.00}"));
    }
}
