using DiffusionVae.Runs;
using DiffusionVae.Training;
using Spectre.Console;

namespace DiffusionVae.Cli.Output;

/// <summary>A bar with the epoch, the running ELBO and the time left.</summary>
internal sealed class LiveProgress : ITrainingObserver
{
    /// <summary>The share of the latest batch in the running ELBO: it follows the last fifty or so.</summary>
    private const double Freshness = 0.04;

    private readonly ProgressTask task;
    private readonly int epochs;
    private double running = double.NaN;
    private string test = "";

    private LiveProgress(ProgressTask task, int epochs) => (this.task, this.epochs) = (task, epochs);

    public static Run Show(Terminal terminal, int epochs, Func<ITrainingObserver, Run> train) =>
        Start(terminal, context => train(new LiveProgress(context.AddTask(FormattableString.Invariant($"epoch 1/{epochs}")), epochs)));

    /// <summary>Shows bars on a terminal, with the share done and the time left, while something is done.
    /// What the terminal is told meanwhile stands above them.</summary>
    public static T Start<T>(Terminal terminal, Func<ProgressContext, T> act)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.HasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        Progress bars = console.Progress().Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RemainingTimeColumn());
        return terminal.Drawing(console.WriteLine, () => bars.Start(act));
    }

    public void RestartTried(RestartTrial trial) => task.Description = PlainProgress.Line(trial);

    public void Aligning(double share) => task.Description = FormattableString.Invariant($"looking for a start {share:0%}");

    public void StepDone(TrainingStep progress)
    {
        running = double.IsNaN(running) ? progress.Elbo : running + (Freshness * (progress.Elbo - running));
        task.MaxValue = progress.Steps;
        task.Value = progress.Step;
        task.Description = FormattableString.Invariant($"epoch {progress.Epoch}/{epochs}  ELBO {running:0.00}{test}");
    }

    public void EpochDone(EpochMetrics metrics) => test = FormattableString.Invariant($" (test {metrics.Validation.Elbo:0.00})");
}
