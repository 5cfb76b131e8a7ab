using DiffusionVae.Data;

namespace DiffusionVae.Training;

/// <summary>What can be chosen about a training run. Every default is the value measured to be best on held-out images of MNIST.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training images; at least 1, default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images in a step; at least 1, default 128. A last, smaller batch is used too.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Samples of each posterior in a step; at least 1, default 1. More make the gradient less noisy, and a step as much longer as the decoder takes.</summary>
    public int PosteriorSamples { get; init; } = 1;

    /// <summary>The learning rate of Adam; positive, default 0.002. Runs of 100 epochs on MNIST came further with 0.001.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>How much of the mean square of the gradients Adam keeps in a step, its β₂; at least 0 and below 1, default 0.999.</summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>How the learning rate goes over the run; default <see cref="LearningRateSchedule.Cosine"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>
    /// The share of the run over which the learning rate grows linearly to what the schedule has; 0 to 1. By default (null) 0.2 after a random start and 0 after an alignment, where the
    /// encoder waits (<see cref="EncoderDelay"/>).
    /// </summary>
    public double? LearningRateWarmup { get; init; }

    /// <summary>The weight β of the divergence in the loss; 0 to 1,000,000, default 1 (then the loss is the negative ELBO).</summary>
    public double KlWeight { get; init; } = 1;

    /// <summary>
    /// The share of the run over which the weight of the divergence grows linearly to its full value; 0 to 1, default 0.5. It keeps the
    /// posterior from collapsing before the decoder has learnt to use it.
    /// </summary>
    public double KlWarmup { get; init; } = 0.5;

    /// <summary>How the networks start; default <see cref="Initialisation.Aligned"/>, which networks other than perceptrons do without.</summary>
    public Initialisation Initialisation { get; init; } = Initialisation.Aligned;

    /// <summary>
    /// After an alignment, the number of steps in which the decoder learns alone, at most a tenth of the run; the encoder's learning rate then grows linearly to its full value over as
    /// many again and a half. At least 0, default 100. Without it the first steps, made for a decoder that knows nothing, would undo the alignment.
    /// </summary>
    public int EncoderDelay { get; init; } = 100;

    /// <summary>How pixels become zeros and ones, if they do; default <see cref="Binarisation.None"/>.</summary>
    public Binarisation Binarisation { get; init; } = Binarisation.None;

    /// <summary>Decides every random draw of the run; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Which start of those that the seed has, from 0: the initial weights and the alignment. By default (null) the first, or the best of those that a run tries.</summary>
    public int? Start { get; init; }

    /// <summary>Everything that is wrong with these options, each fault with name, value and allowed range; empty if they are fine.</summary>
    public IEnumerable<string> Faults()
    {
        if (Epochs < 1)
        {
            yield return Invariant($"Epochs is {Epochs}; it must be at least 1.");
        }
        if (BatchSize < 1)
        {
            yield return Invariant($"BatchSize is {BatchSize}; it must be at least 1.");
        }
        if (PosteriorSamples < 1)
        {
            yield return Invariant($"PosteriorSamples is {PosteriorSamples}; it must be at least 1.");
        }
        if (!(LearningRate > 0 && LearningRate <= 1))
        {
            yield return Invariant($"LearningRate is {LearningRate}; it must be above 0 and at most 1.");
        }
        if (LearningRateWarmup is not (null or (>= 0 and <= 1)))
        {
            yield return Invariant($"LearningRateWarmup is {LearningRateWarmup}; it must lie between 0 and 1.");
        }
        if (!(AdamBeta2 is >= 0 and < 1))
        {
            yield return Invariant($"AdamBeta2 is {AdamBeta2}; it must be at least 0 and below 1.");
        }
        if (!(KlWeight is >= 0 and <= 1e6))
        {
            yield return Invariant($"KlWeight is {KlWeight}; it must lie between 0 and 1000000.");
        }
        if (EncoderDelay < 0)
        {
            yield return Invariant($"EncoderDelay is {EncoderDelay}; it must be at least 0.");
        }
        if (Start < 0)
        {
            yield return Invariant($"Start is {Start}; it must be at least 0.");
        }
        if (!(KlWarmup is >= 0 and <= 1))
        {
            yield return Invariant($"KlWarmup is {KlWarmup}; it must lie between 0 and 1.");
        }
    }

    /// <summary>The learning rate after a share of the run, 0 to 1.</summary>
    /// <param name="share">The share.</param>
    /// <param name="aligned">Whether the run started with an alignment.</param>
    public double LearningRateAt(double share, bool aligned)
    {
        double scheduled = Schedule == LearningRateSchedule.Cosine ? LearningRate * (1 + Math.Cos(Math.PI * share)) / 2 : LearningRate;
        double warmup = LearningRateWarmup ?? (aligned ? 0 : 0.2);
        return share < warmup ? scheduled * share / warmup : scheduled;
    }

    /// <summary>The share of the learning rate in a step, 0 to 1, of an encoder that can be aligned.</summary>
    /// <param name="step">Counted from 0.</param>
    /// <param name="steps">Of the whole run.</param>
    public double EncoderShareAt(long step, long steps)
    {
        const double growth = 1.5;
        double delay = Initialisation == Initialisation.Aligned ? Math.Min(EncoderDelay, steps / 10) : 0;
        return delay == 0 ? 1 : Math.Clamp((step - delay) / (growth * delay), 0, 1);
    }

    /// <summary>The weight of the divergence after a share of the run, 0 to 1.</summary>
    public double KlWeightAt(double share) => share < KlWarmup ? KlWeight * share / KlWarmup : KlWeight;
}
