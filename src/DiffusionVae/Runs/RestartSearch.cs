using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>
/// Tries several restarts of a run, each for its first epochs, and takes the one with the highest ELBO on the
/// training images. The initial weights decide which images lie side by side; training does not undo that,
/// and the first epochs already show it (samples/defaults).
/// </summary>
/// <param name="data">The data, not owned.</param>
/// <param name="factory">Makes a user-defined model; null for perceptrons.</param>
/// <param name="observer">Receives the result of each trial; may be null.</param>
/// <param name="cancellationToken">Stops the search.</param>
internal sealed class RestartSearch(ImageData data, ModelFactory? factory, ITrainingObserver? observer, CancellationToken cancellationToken)
{
    /// <summary>The share of a run for which a restart is tried.</summary>
    private const double Share = 0.05;

    /// <summary>The epochs of a trial, for a run of so many.</summary>
    public static int TrialEpochs(int epochs) => (int)Math.Ceiling(Share * epochs);

    /// <summary>The configuration with its restart chosen. One that diverges is behind all others; where all
    /// diverge, it is the first.</summary>
    /// <param name="config">The configuration, which matches the data.</param>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public RunConfig Choose(RunConfig config)
    {
        using Split split = ConfigurationException.Guard(() => Split.Create(data, config.HoldOut));
        return Enumerable.Range(0, config.Restarts)
            .Select(restart => config with { Training = config.Training with { Restart = restart } })
            .MaxBy(choice => Try(choice, split))!;
    }

    private double? Try(RunConfig config, Split split)
    {
        int epochs = TrialEpochs(config.Training.Epochs);
        using DiffusionAutoencoder model = ModelBuilder.Create(config, data, factory);
        double? elbo;
        try
        {
            elbo = new Trainer(model, config.Training).Try(split.Train, split.Test, epochs, cancellationToken)[^1].TrainElbo;
        }
        catch (TrainingDivergedException)
        {
            elbo = null;
        }
        observer?.RestartTried(new RestartTrial
        {
            Restart = config.Training.Restart ?? 0,
            Restarts = config.Restarts,
            Epochs = epochs,
            Elbo = elbo,
        });
        return elbo;
    }
}
