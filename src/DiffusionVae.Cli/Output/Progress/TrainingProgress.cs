using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Output;

/// <summary>Shows how training goes: a bar on a terminal, a line for each epoch elsewhere.</summary>
internal static class TrainingProgress
{
    public static Run Show(Terminal terminal, RunConfig config, ImageData data, Func<ITrainingObserver, Run> train)
    {
        TrainingOptions training = config.Training;
        long images = data.Train.Count - config.HoldOut, batches = (images + training.BatchSize - 1) / training.BatchSize;
        string passes = training.Repeats > 1 ? FormattableString.Invariant($" of {training.Repeats} passes") : "";
        long steps = training.Epochs * training.Repeats * batches;
        string length = FormattableString.Invariant($"{training.Epochs} epochs{passes}, {steps} steps");
        string decoder = config.Resolved(data).Network.Decoder!;
        // A first epoch may take a while, and elsewhere than on a terminal nothing is said before its end.
        terminal.Note(FormattableString.Invariant(
            $"training {config.Manifold} on {config.Data}: {images} {data.Shape.Noun} of {data.Shape}, {length}, decoder {decoder}"));
        return terminal.IsLive
            ? LiveProgress.Show(terminal, config.Training.Epochs, train)
            : train(new PlainProgress(terminal.Error, config.Training.Epochs));
    }
}
