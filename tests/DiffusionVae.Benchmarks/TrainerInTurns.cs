using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// Times the steps of <see cref="Trainer"/>, as it is, by turns with other things: a few of its steps, then
/// as many of each of the others, and again.
/// </summary>
internal sealed class TrainerInTurns : ITrainingObserver
{
    private readonly int stepsPerTurn;
    private readonly int turns;
    private readonly IReadOnlyList<Action> others;
    private readonly List<double>[] times;
    private readonly CancellationTokenSource enough;
    private long steps;
    private long start = Timing.Now();

    private TrainerInTurns(int stepsPerTurn, int turns, IReadOnlyList<Action> others, CancellationTokenSource enough)
    {
        (this.stepsPerTurn, this.turns, this.others, this.enough) = (stepsPerTurn, turns, others, enough);
        times = [.. Enumerable.Range(0, others.Count + 1).Select(_ => new List<double>())];
    }

    /// <summary>Median seconds of a step of the trainer, and of each of the other things.</summary>
    public static double[] Measure(Settings settings, DiffusionAutoencoder model, ImageSet images, int batch, IReadOnlyList<Action> others)
    {
        int stepsPerTurn = settings.Whole("steps", Math.Max(1, 2560 / batch)), turns = settings.Whole("turns", 9);
        using var enough = new CancellationTokenSource();
        var clock = new TrainerInTurns(stepsPerTurn, turns, others, enough);
        using ImageSet few = images.Slice(0, Math.Min(images.Count, 16));
        // From a random start and at the full rate: after an alignment the encoder rests at first, and the
        // first steps are not like the others.
        var options =
            new TrainingOptions { BatchSize = batch, Epochs = 1_000_000, Initialisation = Initialisation.Random, LearningRateWarmup = 0 };
        try
        {
            new Trainer(model, options).Train(images, few, clock, enough.Token);
        }
        catch (OperationCanceledException)
        {
            // As arranged.
        }
        return [.. clock.times.Select(Timing.Median)];
    }

    public void StepDone(TrainingStep progress)
    {
        if (++steps % stepsPerTurn != 0)
        {
            return;
        }
        bool warm = steps > stepsPerTurn;
        Note(0, Timing.Since(start));
        for (int i = 0; i < others.Count; i++)
        {
            Note(i + 1, Timing.Seconds(stepsPerTurn, others[i]));
        }
        if (times[0].Count == turns)
        {
            enough.Cancel();
        }
        start = Timing.Now();

        void Note(int what, double seconds)
        {
            if (warm)
            {
                times[what].Add(seconds / stepsPerTurn);
            }
        }
    }
}
