using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Output;

/// <summary>Shows how training goes: a bar on a terminal, a line for each epoch elsewhere.</summary>
internal static class TrainingProgress
{
    public static Run Show(Terminal terminal, RunConfig config, Func<ITrainingObserver, Run> train)
    {
        // A first epoch may take a while, and elsewhere than on a terminal nothing is said before its end.
        terminal.Note($"training {config.Manifold} on {config.Data}");
        return terminal.IsLive
            ? LiveProgress.Show(terminal, config.Training.Epochs, train)
            : train(new PlainProgress(terminal.Error, config.Training.Epochs));
    }
}
