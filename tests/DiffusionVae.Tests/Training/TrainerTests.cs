using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>Training: it learns, repeats itself, leaves nothing behind, and says when it fails.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class TrainerTests
{
    public static TheoryData<string> AllAndProducts => Examples.AllAndProducts;

    [Theory]
    [MemberData(nameof(AllAndProducts))]
    public void A_little_training_improves_the_bound_on_every_latent_space(string id)
    {
        using DiffusionAutoencoder model = Pictures.Model(id);
        using ImageSet train = Pictures.Waves(256, 1), test = Pictures.Waves(64, 2);
        using var generator = new Generator(1, CPU);
        double before = ModelScore.Measure(model, test, generator).Elbo;
        IReadOnlyList<EpochMetrics> history = new Trainer(model, Options with { Epochs = 5, LearningRate = 1e-2 }).Train(train, test);
        EpochMetrics last = history[^1];
        Assert.Equal([1, 2, 3, 4, 5], history.Select(epoch => epoch.Epoch));
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.TrainElbo) && double.IsFinite(epoch.Validation.Elbo)));
        Assert.True(last.Validation.Elbo > before + 0.5, FormattableString.Invariant($"from {before} to {last.Validation.Elbo}"));
        // ELBO = -(pixels/2) log 2π - pixels MSE/2 - KL.
        int pixels = Pictures.Side * Pictures.Side;
        Assert.Equal(
            (-pixels / 2.0 * Math.Log(2 * Math.PI)) - (pixels * last.Validation.Mse / 2) - last.Validation.Kl, last.Validation.Elbo, 1e-3);
        Assert.Equal((-pixels / 2.0 * Math.Log(2 * Math.PI)) - (pixels * last.TrainMse / 2) - last.TrainKl, last.TrainElbo, 1e-3);
    }

    [Theory]
    [InlineData("sphere:2", Binarisation.None)]
    [InlineData("so3*euclidean:1", Binarisation.Static)]
    [InlineData("projective:2*torus:1", Binarisation.Dynamic)]
    public void The_same_seed_gives_the_same_run_to_the_last_bit_and_another_seed_another(string id, Binarisation binarisation)
    {
        (double[] weights, double[] metrics) = Trained(id, binarisation, seed: 5);
        (double[] again, double[] sameMetrics) = Trained(id, binarisation, seed: 5);
        (double[] other, _) = Trained(id, binarisation, seed: 6);
        Assert.Equal(weights, again);
        Assert.Equal(metrics, sameMetrics);
        Assert.NotEqual(weights, other);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using DiffusionAutoencoder model = Pictures.Model("projective:2*so3");
        using ImageSet train = Pictures.Waves(640, 1), test = Pictures.Waves(64, 2);
        var counts = new TensorCounts();
        // What earlier tests left to the finaliser must not go while this one counts.
        Leaks.Live();
        // From a random start, where the first step is like the others; after an alignment the encoder's
        // first comes later, and sets up what stays.
        TrainingOptions options = Options
            with { Epochs = 3, BatchSize = 32, Binarisation = Binarisation.Dynamic, Initialisation = Initialisation.Random };
        new Trainer(model, options).Train(train, test, counts);
        Assert.Equal(60, counts.Steps.Count);
        // Fewer is possible: an epoch ends with a collection, which takes what was set up before the first
        // step and is not needed any more.
        Assert.All(counts.Steps.Skip(1).Zip(counts.Steps.Skip(2)), pair =>
            Assert.True(pair.Second <= pair.First, $"{pair.First} tensors, then {pair.Second}"));
        Assert.All(counts.Epochs.Zip(counts.Epochs.Skip(1)), pair =>
            Assert.True(pair.Second <= pair.First, $"{pair.First} tensors, then {pair.Second}"));
    }

    [Fact]
    public void A_second_run_of_the_same_model_leaves_no_more_tensors_than_the_first()
    {
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using ImageSet train = Pictures.Waves(64, 1), test = Pictures.Waves(64, 2);
        var trainer = new Trainer(model, Options with { Epochs = 1 });
        trainer.Train(train, test);
        long before = Leaks.Live();
        for (int i = 0; i < 3; i++)
        {
            trainer.Train(train, test);
        }
        Assert.Equal(before, Leaks.Live());
    }

    [Theory]
    [InlineData(false, "log-likelihood")]
    [InlineData(true, "gradient of decoder.inner.1.bias")]
    public void A_step_that_fails_leaves_the_weights_as_they_were(bool inGradient, string what)
    {
        using var weights = new Generator(1, CPU);
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using var failing =
            new DiffusionAutoencoder(model.Latent, model.Encoder, new Failing(model.Decoder, inGradient, call: 4), model.Likelihood);
        using ImageSet train = Pictures.Waves(64, 1);
        var recorder = new Recorder(model);
        var fault = Assert.Throws<TrainingDivergedException>(
            () => new Trainer(failing, Options with { BatchSize = 8, KlWarmup = 0 }).Train(train, train, recorder));
        Assert.Equal((4L, 1), (fault.Step, fault.Epoch));
        Assert.StartsWith($"The {what} became NaN at step 4 (epoch 1).", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, recorder.Weights.Count);
        Assert.NotEqual(recorder.Weights[1], recorder.Weights[2]);
        Assert.Equal(recorder.Weights[2], model.parameters().SelectMany(Numeric.Values));
    }

    /// <summary>
    /// What the decoder is given: several points for each image in training, one when images are measured.
    /// </summary>
    [Fact]
    public void Each_posterior_is_sampled_as_often_as_chosen_and_once_when_it_is_measured()
    {
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        var rows = new List<long>();
        using var counting =
            new DiffusionAutoencoder(model.Latent, model.Encoder, new WatchedNetwork(model.Decoder, rows.Add), model.Likelihood);
        using ImageSet train = Pictures.Waves(16, 1), test = Pictures.Waves(5, 2);
        new Trainer(counting, Options with { Epochs = 1, BatchSize = 8, PosteriorSamples = 3 }).Train(train, test);
        Assert.Equal([24, 24, 5], rows);
    }

    [Fact]
    public void Training_stops_between_two_steps_when_asked()
    {
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using ImageSet train = Pictures.Waves(64, 1);
        using var source = new CancellationTokenSource();
        var recorder = new Recorder(model, () => source.Cancel());
        Assert.Throws<OperationCanceledException>(
            () => new Trainer(model, Options with { BatchSize = 8 }).Train(train, train, recorder, source.Token));
        Assert.Single(recorder.Weights);
        Assert.Equal(recorder.Weights[0], model.parameters().SelectMany(Numeric.Values));
    }

    [Fact]
    public void Every_image_is_seen_once_in_an_epoch_in_an_order_of_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        using var images = new ImageSet("numbers", (arange(10, ScalarType.Float32) / 10).reshape(10, 1, 1));
        using var batches = new Batches(images, new TrainingOptions { BatchSize = 4 }, new GaussianLikelihood(1), CPU);
        Assert.Equal(3, batches.PerEpoch);
        double[][] first = [.. batches.Epoch().Select(Numeric.Values)], second = [.. batches.Epoch().Select(Numeric.Values)];
        Assert.Equal([4, 4, 2], first.Select(batch => batch.Length));
        Assert.Equal(Numeric.Values(images.Pixels), first.SelectMany(batch => batch).Order());
        Assert.Equal(Numeric.Values(images.Pixels), second.SelectMany(batch => batch).Order());
        Assert.NotEqual(first.SelectMany(batch => batch), second.SelectMany(batch => batch));
    }

    private static TrainingOptions Options { get; } = new() { Epochs = 2, BatchSize = 32 };

    private static (double[] Weights, double[] Metrics) Trained(string id, Binarisation binarisation, long seed)
    {
        string decoder = binarisation == Binarisation.None ? "gaussian" : "bernoulli";
        using DiffusionAutoencoder model = Pictures.Model(id, Pictures.Small with { Decoder = decoder });
        using ImageSet train = Pictures.Waves(100, 1), test = Pictures.Waves(20, 2);
        IReadOnlyList<EpochMetrics> history =
            new Trainer(model, Options with { Seed = seed, Binarisation = binarisation }).Train(train, test);
        double[] metrics = [.. history.SelectMany(m => new[] { m.TrainElbo, m.TrainKl, m.TrainMse, m.Validation.Elbo, m.Validation.Kl,
            m.Validation.Mse, m.Validation.LogTime, m.Validation.StandardError })];
        return ([.. model.parameters().SelectMany(Numeric.Values)], metrics);
    }

    private sealed class TensorCounts : ITrainingObserver
    {
        public List<long> Steps { get; } = [];

        public List<long> Epochs { get; } = [];

        public void StepDone(TrainingStep progress) => Steps.Add(Tensor.TotalCount);

        public void EpochDone(EpochMetrics metrics) => Epochs.Add(Tensor.TotalCount);
    }

    private sealed class Recorder(DiffusionAutoencoder model, Action? then = null) : ITrainingObserver
    {
        public List<double[]> Weights { get; } = [];

        public void StepDone(TrainingStep progress)
        {
            Weights.Add([.. model.parameters().SelectMany(Numeric.Values)]);
            then?.Invoke();
        }
    }

    /// <summary>
    /// A decoder whose given call yields NaN, or a gradient of NaN where the value is fine.
    /// </summary>
    private sealed class Failing : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;
        private readonly bool inGradient;
        private int callsLeft;

        public Failing(nn.Module<Tensor, Tensor> inner, bool inGradient, int call)
            : base(nameof(Failing))
        {
            (this.inner, this.inGradient, callsLeft) = (inner, inGradient, call);
            register_module("inner", inner);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor output = inner.forward(input);
            if (--callsLeft == 0)
            {
                // The root of zero has an infinite derivative, and zero times that is none.
                output = inGradient ? output + (output * 0).sqrt() : output * float.NaN;
            }
            return output.MoveToOuterDisposeScope();
        }
    }
}
