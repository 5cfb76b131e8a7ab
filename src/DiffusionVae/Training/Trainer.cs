using System.Runtime.InteropServices;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Trains an autoencoder by stochastic gradient ascent on the evidence lower bound (paper, section 3.4).</summary>
/// <remarks>
/// Everything random comes from generators that the trainer owns: the same seed gives the same run, bit for bit, on the same machine and
/// thread count. Not thread-safe.
/// </remarks>
public sealed class Trainer
{
    private readonly DiffusionAutoencoder model;
    private readonly TrainingOptions options;

    /// <summary>Prepares to train.</summary>
    /// <param name="model">The model, on the device where it is to be trained; trained in place and not owned.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every fault.</exception>
    public Trainer(DiffusionAutoencoder model, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Validation.ThrowIfAny(options.Faults());
        (this.model, this.options) = (model, options);
    }

    /// <summary>Trains from the first epoch to the last.</summary>
    /// <param name="train">The images to learn from.</param>
    /// <param name="test">The images to measure on after each epoch, of the same size.</param>
    /// <param name="observer">Whom to tell; or null.</param>
    /// <param name="cancellation">Stops training between two steps.</param>
    /// <returns>What each epoch came to.</returns>
    /// <exception cref="ArgumentException">The images do not suit the decoder's distribution; nothing was trained.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    public IReadOnlyList<EpochMetrics> Fit(ImageSet train, ImageSet test, ITrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        using var parameters = new FlatParameters(model);
        using var optimiser = new Adam(parameters);
        Device device = parameters.Values.device;
        using var batches = new Batches(train, options, model.Likelihood, device);
        using var measured = new MeasuredImages(test, options, model.Likelihood, device);
        using Generator noise = Seeds.Generator(options.Seed, SeedUse.Posterior, device);
        long steps = options.Epochs * batches.PerEpoch, step = 0;
        var history = new List<EpochMetrics>();
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var sums = new RunningMeans(train.PixelCount);
            foreach (Tensor batch in batches.Epoch())
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                double share = (double)step++ / steps;
                ElboTerms terms = Sound(() => model.Elbo(batch, noise), parameters, step, epoch);
                double elbo = sums.Add(terms);
                if (!double.IsFinite(elbo))
                {
                    throw new TrainingDivergedException("ELBO", elbo, step, epoch);
                }
                Loss(terms, options.KlWeightAt(share)).backward();
                if (parameters.GradientSum() is var gradient && !double.IsFinite(gradient))
                {
                    throw new TrainingDivergedException("gradient", gradient, step, epoch);
                }
                optimiser.Step(options.LearningRateAt(share));
                observer?.StepDone(new TrainingStep(epoch, step, steps, elbo));
            }
            Elbo judged = Sound(() => measured.Judge(model), parameters, step, epoch);
            if (!double.IsFinite(judged.Value))
            {
                // The last step of the epoch can do this, and nobody may take the weights for good.
                throw new TrainingDivergedException("ELBO on the images set apart", judged.Value, step, epoch);
            }
            history.Add(sums.Finish(epoch, judged));
            observer?.EpochDone(history[^1]);
            // Young garbage, a few megabytes of handles an epoch: left to itself the runtime lets it grow to the size of the cache first.
            GC.Collect(0);
        }
        return history;
    }

    /// <summary>Computes something with the weights. Where they are not finite, an operation may fail before its result can be looked at.</summary>
    private static T Sound<T>(Func<T> compute, FlatParameters parameters, long step, int epoch)
    {
        try
        {
            return compute();
        }
        catch (ExternalException) when (!parameters.AreFinite())
        {
            throw new TrainingDivergedException("weights", double.NaN, step, epoch);
        }
    }

    /// <summary>The negative ELBO, its divergence weighted.</summary>
    private static Tensor Loss(ElboTerms terms, double klWeight)
    {
        using Scalar weight = klWeight;
        return (terms.Divergence.sum(-1) * weight - terms.LogLikelihood).mean();
    }
}
