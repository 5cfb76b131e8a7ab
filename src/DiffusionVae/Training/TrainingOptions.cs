using System.Text.Json.Serialization;
using DiffusionVae.Data;

namespace DiffusionVae.Training;

/// <summary>
/// Options of a training run. Every default is the best value found on held-out images of MNIST.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training images; at least 1, default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>
    /// How often an epoch passes over the training images; at least 1, default 1. With few images more passes
    /// save the work that is done once an epoch. <see cref="RepeatsFor"/> says how many suit a set.
    /// </summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Images in a step; at least 1, default 128. A smaller last batch is used too.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Samples of each posterior in a step; at least 1, default 1. More samples make the gradient less noisy
    /// and the step longer.
    /// </summary>
    public int PosteriorSamples { get; init; } = 1;

    /// <summary>
    /// The learning rate of Adam; above 0 and at most 1, default 0.002. Runs of 100 epochs on MNIST did
    /// better with 0.001.
    /// </summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>
    /// β₂ of Adam: the share of the mean square of the gradients that a step keeps; at least 0 and below 1,
    /// default 0.999.
    /// </summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>
    /// How the learning rate changes over the run; default <see cref="LearningRateSchedule.Cosine"/>.
    /// </summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>
    /// The share of the run over which the learning rate grows linearly to the value of the schedule; 0 to 1.
    /// By default (null) it is 0.2 after a random start. After an alignment it is 0, since the encoder waits
    /// then (<see cref="EncoderDelay"/>).
    /// </summary>
    public double? LearningRateWarmup { get; init; }

    /// <summary>
    /// The weight β of the divergence in the loss; 0 to 1,000,000, default 1 (then the loss is the negative
    /// ELBO).
    /// </summary>
    public double KlWeight { get; init; } = 1;

    /// <summary>
    /// The share of the run over which the weight of the divergence grows linearly to its full value; 0 to 1,
    /// default 0.5. It keeps the posterior from collapsing before the decoder has learnt to use it.
    /// </summary>
    public double KlWarmup { get; init; } = 0.5;

    /// <summary>
    /// How the networks start; default <see cref="Initialisation.Aligned"/>.
    /// </summary>
    public Initialisation Initialisation { get; init; } = Initialisation.Aligned;

    /// <summary>
    /// The number of steps after an alignment in which only the decoder learns; at least 0, default 100, and
    /// never more than a tenth of the run. The encoder's learning rate then grows linearly to its full value
    /// over 1.5 times as many steps. Without this delay the first steps would undo the alignment, since the
    /// decoder knows nothing yet. After a spectral alignment the encoder rests for at least so many steps,
    /// and until the decoder has learnt the layout.
    /// </summary>
    public int EncoderDelay { get; init; } = 100;

    /// <summary>
    /// How grey pixels become zeros and ones; default <see cref="Binarisation.None"/>: they stay as they are.
    /// </summary>
    public Binarisation Binarisation { get; init; } = Binarisation.None;

    /// <summary>Decides every random draw of the run; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The restart of this seed, from 0: it decides the initial weights and the alignment. By default (null)
    /// it is the first, or the best of those that a run tries.
    /// </summary>
    [JsonPropertyName("start")]
    public int? Restart { get; init; }

    /// <summary>
    /// Everything that is wrong with these options, each fault with name, value and allowed range; empty if
    /// they are fine.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        if (Epochs < 1)
        {
            yield return Invariant($"Epochs is {Epochs}; it must be at least 1.");
        }
        if (Repeats < 1)
        {
            yield return Invariant($"Repeats is {Repeats}; it must be at least 1.");
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
        if (Restart < 0)
        {
            yield return Invariant($"Restart is {Restart}; it must be at least 0.");
        }
        if (!(KlWarmup is >= 0 and <= 1))
        {
            yield return Invariant($"KlWarmup is {KlWarmup}; it must lie between 0 and 1.");
        }
    }

    /// <summary>The passes of an epoch over few images: so many that it has at least 40 steps.</summary>
    /// <param name="count">The number of training images.</param>
    /// <param name="batchSize">Images in a step.</param>
    public static int RepeatsFor(long count, int batchSize)
    {
        const long leastSteps = 40;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        long steps = (count + batchSize - 1) / batchSize;
        return (int)((leastSteps + steps - 1) / steps);
    }

    /// <summary>The learning rate after a share of the run.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="aligned">Whether the run started with an alignment.</param>
    public double LearningRateAt(double share, bool aligned)
    {
        double scheduled = Schedule == LearningRateSchedule.Cosine
            ? LearningRate * (1 + Math.Cos(Math.PI * share)) / 2
            : LearningRate;
        double warmup = LearningRateWarmup ?? (aligned ? 0 : 0.2);
        return share < warmup ? scheduled * share / warmup : scheduled;
    }

    /// <summary>
    /// The learning rate of an encoder that can be aligned, as a share of the decoder's, 0 to 1.
    /// </summary>
    /// <param name="step">The step, counted from 0 over the whole run.</param>
    /// <param name="steps">The steps of the whole run.</param>
    public double EncoderShareAt(long step, long steps)
    {
        const double growth = 1.5;
        double delay = Initialisation == Initialisation.Aligned ? Math.Min(EncoderDelay, steps / 10) : 0;
        return delay == 0 ? 1 : Math.Clamp((step - delay) / (growth * delay), 0, 1);
    }

    /// <summary>The weight of the divergence after a share of the run.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    public double KlWeightAt(double share) => share < KlWarmup ? KlWeight * share / KlWarmup : KlWeight;
}

/// <summary>How the learning rate changes over a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>It is the same from beginning to end.</summary>
    Constant,

    /// <summary>
    /// It falls from its full value to zero along half a cosine (Loshchilov and Hutter 2017, without
    /// restarts).
    /// </summary>
    Cosine,
}

/// <summary>How the networks start.</summary>
public enum Initialisation
{
    /// <summary>With random weights.</summary>
    Random,

    /// <summary>
    /// With an encoder that lays the images on the latent space: their principal components by the last layer
    /// of a perceptron, or, where these do not show the shape, by the shape that nearest neighbours make,
    /// which any encoder is taught. On R^k, which has no shape, as <see cref="Random"/>.
    /// </summary>
    Aligned,
}
