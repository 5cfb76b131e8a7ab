using DiffusionVae.Data;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Runs;

/// <summary>Runs that come to numbers that are not finite, and runs of data that are odd but right.</summary>
public sealed class NumbersTests : IDisposable
{
    private readonly InterruptedRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void A_run_that_diverges_stops_at_once_and_its_last_good_state_goes_on()
    {
        using var variant = new InterruptedRuns
        {
            Config = runs.Config
                with { Network = Pictures.Small, Training = runs.Config.Training with { Binarisation = Binarisation.None } },
        };
        string whole = variant.Whole(), failed = variant.Folder["failed"];
        using Tensor original = variant.Data.Train.Pixels.clone();
        var spoiler = new AfterFirstEpoch(() => variant.Data.Train.Pixels.fill_(1e20f));
        var fault = Assert.Throws<TrainingDivergedException>(() => Run.Train(variant.Config, variant.Data, failed, spoiler, TimeSpan.Zero));
        Assert.Equal((5L, 2), (fault.Step, fault.Epoch));
        Assert.Matches(@"^The (log-likelihood|divergence of component \d) became -?Infinity at step 5 \(epoch 2\)\. Try a lower "
            + @"learning rate, or look for outliers in the data\.$", fault.Message);

        using (Run run = Run.Open(failed))
        {
            Assert.Equal(1, run.Epoch);
            Assert.True(double.IsFinite(run.Evaluate(variant.Data).Score.Elbo));
        }
        variant.Data.Train.Pixels.copy_(original);
        Assert.Equal(4, variant.Resume(failed)!.Step);
        InterruptedRuns.AssertSame(whole, failed);
    }

    [Fact]
    public void Pixels_too_large_to_square_stop_the_first_step()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData noise = Noise(30, 5, 6);
        using var data = new ImageData("large", new ImageSet("train", noise.Train.Pixels * 1e30, noise.Shape), noise.Test.Slice(0, 5));
        RunConfig config = runs.Config
            with { Network = Pictures.Small, Training = runs.Config.Training with { Binarisation = Binarisation.None } };
        var fault = Assert.Throws<TrainingDivergedException>(() => Run.Train(config, data, runs.Folder["run"]));
        Assert.Equal((1L, 1), (fault.Step, fault.Epoch));
    }

    [Fact]
    public void What_dead_layers_say_is_not_fitted()
    {
        using var weights = new Generator(3, CPU);
        using var network = new Mlp(2, [1], 3, weights);
        using DisposeScope scope = NewDisposeScope();
        // Whatever the sign of its weights, a rectified unit is dead on inputs far to one side; both sides
        // are tried.
        Tensor dead = new[] { 1e3f, -1e3f }.Select(far => full([4, 2], far))
            .First(input => network.forward(input)[0].Equals(network.forward(input * 2)[0]));
        Assert.Null(LeastSquares.Create(network.Hidden(dead)));
    }

    [Theory]
    [InlineData(1, 1, 6, "one image")]
    [InlineData(5, 3, 1, "one pixel")]
    [InlineData(1, 1, 1, "one image of one pixel")]
    [InlineData(20, 5, 6, "fewer images than a batch has")]
    public void Few_and_small_images_can_be_trained_on(long train, long test, int side, string what)
    {
        using ImageData data = Noise(train, test, side);
        Trains(data, what);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void Images_that_are_all_alike_can_be_trained_on(double value)
    {
        using DisposeScope scope = NewDisposeScope();
        using var data =
            new ImageData("flat", new ImageSet("train", full([40, 6, 6], value)), new ImageSet("test", full([8, 6, 6], value)));
        Trains(data, FormattableString.Invariant($"all pixels {value}"));
    }

    [Fact]
    public void What_is_not_finite_is_named_in_the_order_in_which_an_image_goes_through_the_model()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor good = zeros(4), bad = tensor([0, float.PositiveInfinity, 0, float.NaN]);
        ElboTerms Terms(bool mean = false, bool time = false, bool second = false, bool likelihood = false) => new()
        {
            LogLikelihood = likelihood ? bad : good,
            Divergence = stack([good, second ? bad : good], -1),
            SquaredError = good,
            Posterior = new() { Mean = (mean ? bad : good).unsqueeze(-1), LogTime = (time ? bad : good).unsqueeze(-1) },
        };
        (string, double) Of(ElboTerms terms) => NotFinite.Among(terms, double.NaN);
        Assert.Equal(("point of the posterior", double.PositiveInfinity), Of(Terms(true, true, true, true)));
        Assert.Equal(("log t of the posterior", double.PositiveInfinity), Of(Terms(false, true, true, true)));
        Assert.Equal(("divergence of component 2", double.PositiveInfinity), Of(Terms(false, false, true, true)));
        Assert.Equal(("log-likelihood", double.PositiveInfinity), Of(Terms(false, false, false, true)));
        Assert.Equal(("ELBO", double.NaN), Of(Terms()));
    }

    private void Trains(ImageData data, string what)
    {
        foreach (string manifold in new[] { "torus:2", "sphere:2", "euclidean:2" })
        {
            RunConfig config = runs.Config with
            {
                Manifold = manifold,
                Network = Pictures.Small,
                Training = new TrainingOptions { Epochs = 2, BatchSize = 128, LearningRate = 1e-2 },
            };
            using Run run = Run.Train(config, data, runs.Folder[manifold.Replace(':', '-')]);
            Assert.True(double.IsFinite(run.History[^1].Validation.Elbo), $"{what} on {manifold}");
        }
    }

    private static ImageData Noise(long train, long test, int side)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        return new ImageData(
            "noise", new ImageSet("train", rand([train, side, side], generator: generator)),
            new ImageSet("test", rand([test, side, side], generator: generator)));
    }

    private sealed class AfterFirstEpoch(Action action) : ITrainingObserver
    {
        public void EpochDone(EpochMetrics metrics) => action();
    }
}
