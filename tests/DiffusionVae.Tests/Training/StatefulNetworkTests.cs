using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>
/// Networks that have more than parameters: running means of batch normalisation, modes, and the draws of
/// dropout.
/// </summary>
public class StatefulNetworkTests
{
    private const int Pixels = Pictures.Side * Pictures.Side;

    private static TrainingOptions Options { get; } = new() { Epochs = 2, BatchSize = 16, LearningRateWarmup = 0 };

    [Fact]
    public void Stopped_after_any_step_and_resumed_training_ends_with_the_same_weights_buffers_and_scores()
    {
        double[] whole = Trained(Options);
        for (int step = 1; step <= 8; step++)
        {
            using var archive = new MemoryArchive();
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(
                () => Trained(Options, archive, new AtStep(step, source.Cancel), cancellationToken: source.Token));
            Assert.Equal(step, archive.Step);
            Assert.Contains("buffer.encoder.norm.running_mean", archive.Names);
            // Another process would have its global generator elsewhere.
            random.manual_seed(1000 + step).Dispose();
            Assert.Equal(whole, Trained(Options, archive));
        }
    }

    /// <summary>Else the tests of this class would say nothing.</summary>
    [Fact]
    public void Dropout_batch_normalisation_and_the_seed_each_change_what_is_learnt()
    {
        double[] usual = Trained(Options);
        Assert.Equal(usual, Trained(Options));
        Assert.NotEqual(usual, Trained(Options, dropout: 0));
        Assert.NotEqual(usual, Trained(Options with { Seed = 1 }));
        using DiffusionAutoencoder model = Model(0.5);
        double[] before = Buffers(model);
        Train(model, Options);
        double[] after = Buffers(model);
        Assert.Equal(3 * 2, model.named_buffers().Count());
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Each_step_drops_other_units()
    {
        var seen = new List<double[]>();
        using DiffusionAutoencoder model = Model(0.5, seen);
        Train(model, Options with { Epochs = 1, LearningRate = 1e-30 });
        // Four steps, and one batch of images to validate on, of which nothing is dropped.
        Assert.Equal(5, seen.Count);
        Assert.Equal(4, seen.Take(4).Select(values => string.Join(' ', values.Take(24).Select(value => value == 0))).Distinct().Count());
    }

    [Fact]
    public void An_observer_may_evaluate_switch_modes_and_draw_without_changing_training()
    {
        double[] alone = Trained(Options);
        using ImageSet images = Pictures.Waves(20, 3);
        Assert.Equal(alone, Trained(Options, observerOf: model => new Meddler(model, images)));
    }

    [Fact]
    public void Networks_train_in_steps_and_evaluate_at_all_other_times()
    {
        using DiffusionAutoencoder model = Model(0.5);
        var modes = new Modes(model);
        model.train();
        Train(model, Options, observer: modes);
        Assert.Equal(Enumerable.Repeat(false, 10), modes.Seen);
        Assert.All(model.modules(), module => Assert.False(module.training));

        using DiffusionAutoencoder failing = Model(0.5, variance: 1e-38);
        Assert.Throws<TrainingDivergedException>(() => Train(failing, Options));
        Assert.All(failing.modules(), module => Assert.False(module.training));
    }

    [Fact]
    public void A_checkpoint_of_perceptrons_has_nothing_of_this()
    {
        using DiffusionAutoencoder model = Pictures.Model("torus:1");
        using var archive = new MemoryArchive();
        Train(model, Options, archive);
        Assert.Equal(
            [
                "generator.posterior", "alignment",
                "decoder.adam.first", "decoder.adam.second", "decoder.adam.steps", "decoder.weights",
                "encoder.adam.first", "encoder.adam.second", "encoder.adam.steps", "encoder.weights",
                "generator.factors", "generator.order", "generator.pixels", "history", "position", "sums",
            ],
            archive.Names.OrderBy(name => name == "generator.posterior" ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal));
    }

    /// <summary>Weights, buffers and scores after training.</summary>
    private static double[] Trained(
        TrainingOptions options,
        ITrainingArchive? archive = null,
        ITrainingObserver? observer = null,
        double dropout = 0.5,
        Func<DiffusionAutoencoder, ITrainingObserver>? observerOf = null,
        CancellationToken cancellationToken = default)
    {
        using DiffusionAutoencoder model = Model(dropout);
        IReadOnlyList<EpochMetrics> history = Train(model, options, archive, observerOf?.Invoke(model) ?? observer, cancellationToken);
        double[] scores =
            [.. history.SelectMany(epoch => new[] { epoch.TrainElbo, epoch.TrainMse, epoch.Validation.Elbo, epoch.Validation.Mse })];
        return [.. model.parameters().SelectMany(Numeric.Values), .. Buffers(model), .. scores];
    }

    private static IReadOnlyList<EpochMetrics> Train(
        DiffusionAutoencoder model,
        TrainingOptions options,
        ITrainingArchive? archive = null,
        ITrainingObserver? observer = null,
        CancellationToken cancellationToken = default)
    {
        using ImageSet train = Pictures.Waves(60, 1), validation = Pictures.Waves(20, 2);
        return new Trainer(model, options).Train(train, validation, observer, archive, cancellationToken);
    }

    private static double[] Buffers(DiffusionAutoencoder model) => [.. model.buffers().SelectMany(Numeric.Values)];

    private static DiffusionAutoencoder Model(double dropout, List<double[]>? seen = null, double variance = 1)
    {
        // The initial weights come from it.
        random.manual_seed(7).Dispose();
        LatentSpace latent = LatentSpace.Parse("torus:1");
        nn.Module<Tensor, Tensor> encoder = Network(Pixels, latent.EncoderOutputs, dropout, seen);
        nn.Module<Tensor, Tensor> decoder = Network(DiffusionAutoencoder.DecoderInputs(latent), Pixels, dropout, null);
        return new DiffusionAutoencoder(latent, encoder, decoder, new GaussianLikelihood(variance));
    }

    private static nn.Module<Tensor, Tensor> Network(int inputs, int outputs, double dropout, List<double[]>? seen) => nn.Sequential(
        ("first", nn.Linear(inputs, 24)), ("norm", nn.BatchNorm1d(24)), ("drop", nn.Dropout(dropout)), ("look", new Look(seen)),
        ("last", nn.Linear(24, outputs)));

    /// <summary>Notes what passes through.</summary>
    private sealed class Look(List<double[]>? seen) : nn.Module<Tensor, Tensor>(nameof(Look))
    {
        public override Tensor forward(Tensor input)
        {
            seen?.Add(Numeric.Values(input));
            return input.alias();
        }
    }

    private sealed class AtStep(long step, Action action) : ITrainingObserver
    {
        public void StepDone(TrainingStep progress)
        {
            if (progress.Step == step)
            {
                action();
            }
        }
    }

    /// <summary>Notes the mode of the model after each step and each epoch.</summary>
    private sealed class Modes(DiffusionAutoencoder model) : ITrainingObserver
    {
        public List<bool> Seen { get; } = [];

        public void StepDone(TrainingStep progress) => Seen.Add(model.modules().Any(module => module.training));

        public void EpochDone(EpochMetrics metrics) => Seen.Add(model.modules().Any(module => module.training));
    }

    /// <summary>Does with the model what should not matter, at every opportunity.</summary>
    private sealed class Meddler(DiffusionAutoencoder model, ImageSet images) : ITrainingObserver
    {
        public void StepDone(TrainingStep progress) => Meddle();

        public void EpochDone(EpochMetrics metrics) => Meddle();

        private void Meddle()
        {
            using DisposeScope scope = NewDisposeScope();
            using var generator = new Generator(3, CPU);
            DiffusionVae.Evaluation.ModelScore.Measure(model, images, generator);
            model.Reconstruct(images.Pixels);
            rand(5);
            model.eval();
        }
    }
}
