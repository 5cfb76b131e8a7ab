using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionVae.Tests.Runs;

/// <summary>
/// A run of convolutional networks with batch normalisation and dropout is a run like any other, for a
/// program that has their factory.
/// </summary>
public sealed class UserModelTests : IDisposable
{
    private const int Side = Pictures.Side;
    private readonly InterruptedRuns runs = Convolutional();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void Killed_after_any_step_and_resumed_it_ends_with_the_same_weights_buffers_and_metrics()
    {
        string whole = runs.Whole();
        for (int step = 1; step <= InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch; step++)
        {
            string crashed = runs.Crashed(step, $"crashed-{step}");
            // Another process would have its global generator elsewhere.
            random.manual_seed(1000 + step).Dispose();
            runs.Resume(crashed);
            InterruptedRuns.AssertSame(whole, crashed);
        }
    }

    [Fact]
    public void Stopped_within_an_epoch_and_resumed_it_ends_with_the_same_weights_buffers_and_metrics()
    {
        string whole = runs.Whole(), stopped = runs.Stopped(6);
        Assert.Equal(6, runs.Resume(stopped)!.Step);
        InterruptedRuns.AssertSame(whole, stopped);
    }

    [Fact]
    public void The_weights_have_the_buffers_too_and_opened_they_give_the_numbers_of_the_last_epoch()
    {
        using Run trained = runs.Train("run");
        using SafetensorsFile file = Safetensors.Read(trained.Directory.Weights);
        Assert.Contains("encoder.norm.running_mean", file.Tensors.Keys);
        Assert.Contains("encoder.norm.num_batches_tracked", file.Tensors.Keys);
        Assert.Equal(InterruptedRuns.Epochs * InterruptedRuns.StepsPerEpoch, file.Tensors["encoder.norm.num_batches_tracked"].item<long>());

        using Run opened = Run.Open(runs.Folder["run"], CreateModel);
        Assert.All(opened.Model.modules(), module => Assert.False(module.training));
        Assert.Equal(trained.History[^1].Validation.Elbo, opened.Evaluate(runs.Data).Score.Elbo);
        Assert.Equal(trained.History[^1].Validation.Elbo, opened.History[^1].Validation.Elbo);
        Assert.Equal(trained.History[^1].Validation.Kl, opened.History[^1].Validation.Kl);
        using Tensor expected = trained.Reconstruct(runs.Data.Test), found = opened.Reconstruct(runs.Data.Test);
        Assert.Equal(expected.data<float>().ToArray(), found.data<float>().ToArray());
    }

    [Fact]
    public void Without_the_factory_it_is_refused_in_one_sentence()
    {
        string path = runs.Whole();
        string expected = $"the run in '{path}' has a user-defined model, which only a program with its factory can make: "
            + "use Run.Open, Run.Resume or Run.Train with the factory.";
        Assert.Equal(expected, Assert.Throws<ConfigurationException>(() => Run.Open(path)).Message);
        Assert.Equal(expected, Assert.Throws<ConfigurationException>(() => Run.Resume(path, runs.Data)).Message);
        RunConfig config = new RunDirectory(path).ReadConfig();
        Assert.Throws<ConfigurationException>(() => Run.Train(config, runs.Data, runs.Folder["again"]));
        Assert.False(Directory.Exists(runs.Folder["again"]));
        // A configuration of perceptrons says nothing of this, so that its file is as it always was.
        Assert.DoesNotContain("userModel", runs.Config.ToJson(), StringComparison.Ordinal);
        Assert.Contains("\"userModel\": true", config.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_perceptrons_takes_no_factory()
    {
        using var perceptrons = new InterruptedRuns();
        string path = perceptrons.Whole();
        Assert.Throws<ConfigurationException>(() => Run.Open(path, CreateModel));
        Assert.Throws<ConfigurationException>(() => Run.Resume(path, perceptrons.Data, CreateModel));
    }

    [Fact]
    public void Its_configuration_repeats_it_and_the_seed_decides_the_weights()
    {
        string whole = runs.Whole();
        random.manual_seed(5).Dispose();
        RunConfig config = new RunDirectory(whole).ReadConfig();
        Run.Train(config, runs.Data, runs.Folder["again"], CreateModel).Dispose();
        InterruptedRuns.AssertSame(whole, runs.Folder["again"]);

        RunConfig other = config with { Training = config.Training with { Seed = 1 } };
        Run.Train(other, runs.Data, runs.Folder["other"], CreateModel).Dispose();
        Assert.NotEqual(InterruptedRuns.WithoutSeconds(whole), InterruptedRuns.WithoutSeconds(runs.Folder["other"]));
    }

    [Fact]
    public void Restarts_are_tried_and_the_chosen_one_is_the_run_that_it_is_alone()
    {
        var trials = new List<RestartTrial>();
        Run.Train(runs.Config with { Restarts = 3 }, runs.Data, runs.Folder["search"], CreateModel, new Trials(trials)).Dispose();
        RunConfig chosen = new RunDirectory(runs.Folder["search"]).ReadConfig();
        Assert.Equal(trials.MaxBy(trial => trial.Elbo)!.Restart, chosen.Training.Restart);
        Assert.Equal(3, trials.Select(trial => trial.Elbo).Distinct().Count());
        Run.Train(chosen, runs.Data, runs.Folder["alone"], CreateModel).Dispose();
        InterruptedRuns.AssertSame(runs.Folder["search"], runs.Folder["alone"]);
    }

    [Fact]
    public void A_manifold_that_no_catalogue_has_is_trained_on_resumed_and_opened()
    {
        using var own = new InterruptedRuns { Data = Waves(), Config = Convolutional().Config, Factory = OnEgg };
        string whole = own.Whole(), crashed = own.Crashed(6);
        own.Resume(crashed);
        InterruptedRuns.AssertSame(whole, crashed);
        Assert.Equal("egg", new RunDirectory(whole).ReadConfig().Manifold);
        using Run opened = Run.Open(whole, OnEgg);
        Assert.Equal("egg", opened.Model.Latent.Id);
        Assert.True(double.IsFinite(opened.Evaluate(own.Data).Score.Elbo));
        using EncodedImages encoded = opened.Encode(own.Data.Test);
        Assert.Equal([20, 3], encoded.Mean.shape);
    }

    [Fact]
    public void Networks_that_do_not_fit_the_images_or_the_latent_space_are_refused_before_anything_is_written()
    {
        DiffusionAutoencoder Make(int outputs, int pixels)
        {
            LatentSpace latent = LatentSpace.Parse("torus:1");
            Module<Tensor, Tensor> encoder = Linear(Side * Side, outputs),
            decoder = Linear(DiffusionAutoencoder.DecoderInputs(latent), pixels);
            return new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse("gaussian"));
        }
        string Refused(ModelFactory factory) =>
            Assert.Throws<ConfigurationException>(() => Run.Train(runs.Config, runs.Data, runs.Folder["refused"], factory)).Message;

        Assert.Equal("The encoder of the model maps [1, 36] to [1, 5]; expected [1, 3].", Refused(_ => Make(5, Side * Side)));
        Assert.Equal("The decoder of the model maps [1, 2] to [1, 7]; expected [1, 36].", Refused(_ => Make(3, 7)));
        Assert.Equal("The model factory returned null.", Refused(_ => null!));
        Assert.False(Directory.Exists(runs.Folder["refused"]));
    }

    [Fact]
    public void Another_factory_is_found_out_by_the_weights()
    {
        string path = runs.Whole();
        Assert.Throws<DataFormatException>(() => Run.Open(path, OnEgg));
    }

    private static InterruptedRuns Convolutional() => new()
    {
        Data = Waves(),
        Config = new RunConfig { Data = "waves", Training = new TrainingOptions { Epochs = InterruptedRuns.Epochs, BatchSize = 16 },
            Threads = 1 },
        Factory = CreateModel,
    };

    private static ImageData Waves() => new("waves", Pictures.Waves(60, 1), Pictures.Waves(20, 2));

    private static DiffusionAutoencoder CreateModel(ModelRequest request) => CreateModel(LatentSpace.Parse("torus:1"), request);

    private static DiffusionAutoencoder OnEgg(ModelRequest request) =>
        CreateModel(LatentSpace.Create(new LevelSet("egg", 3, radius: 2, x => x.pow(2).sum(-1) + (0.3 * x.select(-1, 2).pow(3)) - 1)),
            request);

    private static DiffusionAutoencoder CreateModel(LatentSpace latent, ModelRequest request)
    {
        int pixels = request.Shape.Size;
        var encoder = Sequential(
            ("image", Unflatten(1, [1, request.Shape.Height, request.Shape.Width])),
            ("convolution", Conv2d(1, 16, kernel_size: 3, padding: 1)),
            ("norm", BatchNorm2d(16)),
            ("bend", ReLU()),
            ("drop", Dropout(0.3)),
            ("flat", Flatten()),
            ("outputs", Linear(16 * pixels, latent.EncoderOutputs)));
        Module<Tensor, Tensor> decoder = Linear(DiffusionAutoencoder.DecoderInputs(latent), pixels);
        return new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse("gaussian"));
    }

    private sealed class Trials(List<RestartTrial> trials) : ITrainingObserver
    {
        public void RestartTried(RestartTrial trial) => trials.Add(trial);
    }
}
