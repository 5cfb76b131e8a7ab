using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>
/// Tries several starts of a run, each for its first epochs, and takes the one that has come furthest on the training images. A start decides which images lie side by side; training does
/// not undo that, and in the first epochs of a run it shows already (samples/defaults).
/// </summary>
internal static class RestartSearch
{
    /// <summary>The share of a run for which a start is tried.</summary>
    private const double Share = 0.05;

    /// <summary>The epochs of a trial, for a run of so many.</summary>
    public static int TrialEpochs(int epochs) => (int)Math.Ceiling(Share * epochs);

    /// <summary>The configuration with its start chosen: one that diverges is behind every other, and where all do it is the first.</summary>
    /// <param name="config">The configuration; it suits the data.</param>
    /// <param name="data">The data, not owned.</param>
    /// <param name="observer">Whom to tell of every trial; or null.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static RunConfig Choose(RunConfig config, ImageData data, ITrainingObserver? observer, CancellationToken cancellationToken)
    {
        using Split split = Split.Create(data, config.HoldOut);
        return Enumerable.Range(0, config.Starts)
            .Select(start => config with { Training = config.Training with { Start = start } })
            .MaxBy(choice => Try(choice, data, split, observer, cancellationToken))!;
    }

    private static double? Try(RunConfig config, ImageData data, Split split, ITrainingObserver? observer, CancellationToken cancellationToken)
    {
        int epochs = TrialEpochs(config.Training.Epochs);
        using DiffusionAutoencoder model = Run.CreateModel(config, data);
        double? elbo;
        try
        {
            elbo = new Trainer(model, config.Training).Try(split.Train, split.Test, epochs, cancellationToken)[^1].TrainElbo;
        }
        catch (TrainingDivergedException)
        {
            elbo = null;
        }
        observer?.RestartTried(new RestartTrial(config.Training.Start ?? 0, config.Starts, epochs, elbo));
        return elbo;
    }
}
