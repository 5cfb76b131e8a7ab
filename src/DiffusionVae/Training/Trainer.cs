using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Trains an autoencoder by stochastic gradient ascent on the evidence lower bound (paper, section 3.4).
/// </summary>
/// <remarks>
/// <para>
/// All random numbers come from generators of the trainer's own, and torch's global generator, from which
/// networks with dropout draw, is seeded anew in every step. So the same seed gives the same run, bit for
/// bit, on the same machine. It does so on any number of threads if the rows of the networks are independent
/// (<see cref="DiffusionAutoencoder.HasIndependentRows"/>), else on the same number. Networks are in training
/// mode (<c>train()</c>) during a step and in evaluation mode (<c>eval()</c>) at all other times: whatever an
/// observer does with the model, training goes on as without it.
/// </para>
/// <para>With glibc, the process keeps up to 256 MB of the memory that it frees from the first training
/// on.</para> <threadsafety>Not safe for concurrent use: training changes the model, and seeds torch's global
/// generator.</threadsafety>
/// </remarks>
public sealed class Trainer
{
    private readonly DiffusionAutoencoder model;
    private readonly TrainingOptions options;

    /// <summary>Prepares to train.</summary>
    /// <param name="model">The model, on the device where it is to be trained; trained in place and not
    /// owned.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every fault.</exception>
    public Trainer(DiffusionAutoencoder model, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Guard.NoFaults(options.Faults());
        (this.model, this.options) = (model, options);
    }

    /// <summary>Trains from the first epoch to the last.</summary>
    /// <param name="train">The images to learn from.</param>
    /// <param name="validation">The images on which the model is scored after each epoch, of the same
    /// size.</param>
    /// <param name="observer">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops training between two steps.</param>
    /// <returns>The results of each epoch.</returns>
    /// <exception cref="ArgumentException">The decoder's distribution does not allow such images; nothing was
    /// trained.</exception>
    /// <exception cref="TrainingDivergedException">A number is not finite.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    public IReadOnlyList<EpochMetrics> Train(
        ImageSet train, ImageSet validation, ITrainingObserver? observer = null, CancellationToken cancellationToken = default) =>
        Train(train, validation, observer, archive: null, cancellationToken);

    /// <summary>Trains for the first epochs of the run only.</summary>
    internal IReadOnlyList<EpochMetrics> Try(ImageSet train, ImageSet validation, int epochs, CancellationToken cancellationToken) =>
        Train(train, validation, observer: null, archive: null, cancellationToken, lastEpoch: epochs);

    /// <summary>
    /// Trains, starting from the state that an archive has kept, and keeps the state there.
    /// </summary>
    internal IReadOnlyList<EpochMetrics> Train(
        ImageSet train,
        ImageSet validation,
        ITrainingObserver? observer,
        ITrainingArchive? archive,
        CancellationToken cancellationToken,
        int lastEpoch = int.MaxValue)
    {
        GlibcAllocator.KeepFreedMemory();
        using var optimiser = new Optimiser(model, options.AdamBeta2);
        using var networks = new NetworkMode(model, options.Seed);
        using var batches = new Batches(train, options, model.Likelihood, optimiser.Device, model.EncoderInput);
        using var evaluation = new EvaluationSet(validation, options.Seed, options.Binarisation, model.Likelihood, optimiser.Device);
        using Generator noise = Seeds.Generator(options.Seed, RandomPurpose.Posterior, optimiser.Device);

        // Everything that a checkpoint must restore is registered here.
        using var state = new TrainingState(options.Epochs, batches.PerEpoch, validation, model.Latent.Components.Count);
        state.Add("generator.posterior", noise);
        optimiser.AddTo(state);
        networks.AddTo(state);
        batches.AddTo(state);
        using var alignment = new Alignment(model, options, batches, optimiser, state);

        var guard = new FiniteGuard(optimiser, state);
        var company = new Company(() => Workers.Spent);
        Begin();
        bool isAligned = alignment.IsApplicable && (model.Encoder is Mlp || alignment.State.Kind == AlignmentKind.Spectral);
        while (!state.IsDone && state.Epoch <= lastEpoch)
        {
            archive?.SaveIfDue(state);
            StopIfAsked();
            state.BeginEpoch();
            foreach (Tensor batch in batches.Epoch(state.StepInEpoch))
            {
                using var scope = torch.NewDisposeScope();
                var schedule = StepSchedule.At(state.Step, state.Steps, options, isAligned, alignment.State);
                Tensor? places = schedule.EncoderRests ? null : alignment.Anchor?.Places(batch);
                state.NextStep();
                networks.Train(state.Step);
                (ElboTerms terms, IReadOnlyList<Gradients> gradients) = guard.Check(() => StepGradients.Compute(
                    model, optimiser, batch, noise, options.PosteriorSamples, schedule, scope, alignment.Anchor, places));
                double elbo = guard.Check(terms, state.Means.Add(terms));
                guard.Check(gradients);
                optimiser.Step(gradients, schedule.EncoderRate, schedule.DecoderRate);
                networks.Evaluate();
                alignment.State.Observe(terms, state.Step, state.Steps, options.EncoderDelay);
                observer?.StepDone(new TrainingStep { Epoch = state.Epoch, Step = state.Step, Steps = state.Steps, Elbo = elbo });
                StopIfAsked();
            }
            ModelScore score = guard.Check(() => evaluation.Evaluate(model));
            EpochMetrics metrics = state.Means.Finish(state.Epoch, score);
            observer?.EpochDone(metrics);
            if (company.Warning() is { } warning)
            {
                observer?.Warned(warning);
            }
            state.NextEpoch(metrics);
            // Young garbage, a few megabytes of handles an epoch: the runtime would let it grow to the size
            // of the cache first.
            GC.Collect(0);
        }
        return state.History;

        void Begin()
        {
            Resumption? resumption = archive?.Restore(state);
            if (resumption is not null)
            {
                observer?.Resumed(resumption);
            }
            if (resumption?.Checkpoint is null && alignment.IsApplicable)
            {
                alignment.Begin(networks, share => observer?.Aligning(share));
            }
        }

        void StopIfAsked()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                guard.CheckWeights();
                archive?.Save(state);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
