using System.Runtime.InteropServices;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Trains an autoencoder by stochastic gradient ascent on the evidence lower bound (paper, section 3.4).</summary>
/// <remarks>
/// Everything random comes from generators that the trainer owns: the same seed gives the same run, bit for bit, on the same machine and
/// thread count. Not thread-safe. With glibc, the process keeps up to 256 MB of what it frees from the first training on.
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
    /// <param name="cancellationToken">Stops training between two steps.</param>
    /// <returns>What each epoch came to.</returns>
    /// <exception cref="ArgumentException">The images do not suit the decoder's distribution; nothing was trained.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    public IReadOnlyList<EpochMetrics> Train(ImageSet train, ImageSet test, ITrainingObserver? observer = null, CancellationToken cancellationToken = default) =>
        Train(train, test, observer, archive: null, cancellationToken);

    /// <summary>Trains for the first epochs of the run alone.</summary>
    internal IReadOnlyList<EpochMetrics> Try(ImageSet train, ImageSet test, int epochs, CancellationToken cancellationToken) =>
        Train(train, test, observer: null, archive: null, cancellationToken, last: epochs);

    /// <summary>The same, from where an archive left off, and with its state kept there.</summary>
    internal IReadOnlyList<EpochMetrics> Train(
        ImageSet train, ImageSet test, ITrainingObserver? observer, ITrainingArchive? archive, CancellationToken cancellationToken, int last = int.MaxValue)
    {
        GlibcAllocator.KeepFreedMemory();
        using var optimiser = new Optimiser(model, options.AdamBeta2);
        Device device = optimiser.Device;
        using var batches = new Batches(train, options, model.Likelihood, device);
        using var measured = new EvaluationSet(test, options, model.Likelihood, device);
        using Generator noise = Seeds.Generator(options.Seed, RandomPurpose.Posterior, device);

        // What is not named here is not there after a restart.
        using var state = new TrainingState(options.Epochs, batches.PerEpoch, test, model.Latent.Components.Count);
        state.Add("generator.posterior", noise);
        optimiser.AddTo(state);
        batches.AddTo(state);

        bool aligned = options.Initialisation == Initialisation.Aligned && Alignment.IsApplicable(model);
        if (archive?.Restore(state) != true && aligned)
        {
            Align(batches, device);
        }
        while (!state.IsDone && state.Epoch <= last)
        {
            archive?.SaveIfDue(state);
            StopIfAsked();
            state.BeginEpoch();
            foreach (Tensor batch in batches.Epoch(state.StepInEpoch))
            {
                using var scope = torch.NewDisposeScope();
                double share = (double)state.Step / state.Steps, encoderShare = aligned ? options.EncoderShareAt(state.Step, state.Steps) : 1;
                state.NextStep();
                ElboTerms terms = Sound(() => model.Elbo(batch, noise, options.PosteriorSamples));
                double elbo = state.Means.Add(terms);
                if (!double.IsFinite(elbo))
                {
                    throw Diverged(NotFinite.Among(terms, elbo));
                }
                Gradients gradients = optimiser.Differentiate(Loss(terms, options.KlWeightAt(share)), encoderRests: encoderShare == 0);
                if (optimiser.NotFinite(gradients) is { } culprit)
                {
                    throw Diverged(culprit);
                }
                double rate = options.LearningRateAt(share, aligned);
                optimiser.Step(gradients, encoderShare * rate, rate);
                observer?.StepDone(new TrainingStep(state.Epoch, state.Step, state.Steps, elbo));
                StopIfAsked();
            }
            ModelScore judged = Sound(() => measured.Evaluate(model));
            if (!double.IsFinite(judged.Elbo))
            {
                // The last step of the epoch can do this, and nobody may take the weights for good.
                throw Diverged(("ELBO on the images set apart", judged.Elbo));
            }
            EpochMetrics metrics = state.Means.Finish(state.Epoch, judged);
            observer?.EpochDone(metrics);
            state.NextEpoch(metrics);
            // Young garbage, a few megabytes of handles an epoch: left to itself the runtime lets it grow to the size of the cache first.
            GC.Collect(0);
        }
        return state.History;

        void StopIfAsked()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                RequireFiniteWeights();
                archive?.Save(state);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        // Where the weights are not finite, an operation may fail before its result can be looked at.
        T Sound<T>(Func<T> compute)
        {
            try
            {
                return compute();
            }
            catch (ExternalException)
            {
                RequireFiniteWeights();
                throw;
            }
        }

        void RequireFiniteWeights()
        {
            if (optimiser.WeightsNotFinite() is { } culprit)
            {
                throw Diverged(culprit);
            }
        }

        TrainingDivergedException Diverged((string What, double Value) culprit) =>
            new(culprit.What, culprit.Value, state.Step, state.Epoch);
    }

    private void Align(Batches batches, Device device)
    {
        using var scope = torch.NewDisposeScope();
        using Generator draws = Seeds.Generator(options.Seed, RandomPurpose.Alignment, device, options.Start ?? 0);
        Alignment.Align(model, batches.Sample(Alignment.Images, draws), draws);
    }

    /// <summary>The negative ELBO, its divergence weighted.</summary>
    private static Tensor Loss(ElboTerms terms, double klWeight)
    {
        using Scalar weight = klWeight;
        return (terms.Divergence.sum(-1) * weight - terms.LogLikelihood).mean();
    }
}
