using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Tests.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training.Spectral;

/// <summary>How a spectral layout becomes the start of an encoder, and what keeps it there.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public class SpectralStartTests
{
    [Fact]
    public void Going_twice_round_a_circle_has_a_greater_interpolation_error_than_going_once()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = arange(80, dtype: float32) * (2 * Math.PI / 80);
        Tensor Wave(double times) => stack([(angles * times).cos(), (angles * times).sin()], -1);
        // Opposite observations are nearer to each other, 0.2, than neighbours, 0.24.
        Tensor observations = cat([Wave(1) * 0.1, Wave(2) * 1.5], 1);
        var error = new InterpolationError(observations, LatentSpace.Parse("circle"));
        Assert.InRange(error.Of(Wave(1)), 0, 0.1 * error.Of(Wave(2.001)));
    }

    [Fact]
    public void An_encoder_of_any_kind_is_taught_outputs()
    {
        using DisposeScope scope = NewDisposeScope();
        using var encoder = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Dropout(0.01), nn.Linear(32, 4));
        using DiffusionAutoencoder like = Pictures.Model("torus:1");
        using var model = new DiffusionAutoencoder(LatentSpace.Parse("torus:1"), encoder, like.Decoder, like.Likelihood);
        using var optimiser = new Optimiser(model, 0.999);
        using var networks = new NetworkMode(model, 0);
        Tensor observations = randn([1000, 3], generator: new Generator(0));
        Tensor outputs = stack([observations.select(1, 0).sin(), observations.select(1, 1) + observations.select(1, 2).cos()], -1);
        double last = 0;
        new EncoderRegression(model, optimiser, networks).Teach(observations, outputs, new Generator(0), share => last = share);
        Assert.Equal(1, last);
        Assert.False(encoder.training);
        using var frozen = no_grad();
        double error = (encoder.forward(observations).narrow(1, 0, 2) - outputs).square().mean().item<float>();
        Assert.InRange(error, 0, 0.05 * outputs.var(0).mean().item<float>());
    }

    /// <summary>The penalty is 20 nats for the squared distance of random points, of which a tenth is
    /// free.</summary>
    [Fact]
    public void An_anchor_holds_latents_that_stray_and_no_others()
    {
        using DisposeScope scope = NewDisposeScope();
        using DiffusionAutoencoder model = Pictures.Model("sphere:2");
        using ImageSet images = Pictures.Waves(32, 0);
        using var parameters = new FlatParameters(model.Encoder);
        using var anchor = new LayoutAnchor(model, parameters);
        Tensor taught = model.Encode(images.Pixels).Mean.detach();
        Assert.Equal(0, anchor.Penalty(taught, anchor.Places(images.Pixels), 32).item<float>());

        using (no_grad())
        {
            parameters.Values.add_(randn(parameters.Values.shape, generator: new Generator(0)));
        }
        Tensor places = anchor.Places(images.Pixels);
        Assert.True(places.allclose(taught)); // as at first
        Tensor points = model.Encode(images.Pixels).Mean, penalty = anchor.Penalty(points, places, 32);
        Tensor apart = 2 * (taught - taught.mean([0])).square().sum(-1).mean();
        Tensor distances = (points - taught).square().sum(-1) / apart;
        double expected = 20 * (distances - 0.1).clamp_min(0).mean().item<float>();
        Assert.True(expected > 1);
        Assert.Equal(expected, penalty.item<float>(), 1e-4 * expected);
        Assert.True(autograd.grad([penalty], [.. parameters.Tensors], allow_unused: true)[0].abs().sum().item<float>() > 0);
    }

    [Fact]
    public void The_encoder_rests_until_the_decoder_has_learnt_and_at_most_three_tenths_of_the_run()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(300, RestOf(_ => 10));
        // Errors fall from 10 to 1 after 150 steps: the running one, 1 + 9 · 0.95^n, is below 5 from n =
        // 15.8.
        Assert.Equal(166, RestOf(step => step < 150 ? 10 : 1));
        Assert.Equal(100, RestOf(_ => 1)); // not before the delay

        using var state = new AlignmentState();
        state.BeginRest(5);
        state.Observe(Terms(1), 100, 1000, 100);
        Assert.Equal([0.01, 0.5, 1, 1], new long[] { 100, 149, 199, 900 }.Select(state.EncoderShareAt));
        using var linear = new AlignmentState();
        Assert.Equal(AlignmentKind.Linear, linear.Kind);
    }

    /// <summary>A checkpoint of an older version has no alignment: it was linear.</summary>
    [Fact]
    public void States_without_an_alignment_are_restored_too()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageSet images = Pictures.Waves(4, 0);
        using var state = new TrainingState(5, 10, images, 1);
        using var alignment = new AlignmentState();
        alignment.AddTo(state);
        var saved = state.Save().ToDictionary(entry => entry.Name, entry => entry.Tensor.clone());
        alignment.BeginRest(5);
        Dictionary<string, Tensor> later = state.Save().ToDictionary(entry => entry.Name, entry => entry.Tensor.clone());
        state.Restore(saved);
        Assert.Equal(AlignmentKind.Linear, alignment.Kind);
        state.Restore(later);
        Assert.Equal(AlignmentKind.Spectral, alignment.Kind);
        saved.Remove("alignment");
        state.Restore(saved);
        saved["alignment"] = zeros(3);
        Assert.Throws<FormatException>(() => state.Restore(saved));
    }

    [Theory]
    [InlineData(150)] // in the rest
    [InlineData(260)] // thereafter
    public void A_run_that_is_resumed_ends_bit_for_bit_as_one_that_was_not_interrupted(int stop)
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageData data = DataCatalogue.Parse("rotations:revolution,size=8,images=500,test=50").Load();
        var options = new TrainingOptions { Epochs = 10, BatchSize = 16, EncoderDelay = 20 };
        var whole = new MemoryArchive();
        Tensor expected = Train(whole, null);
        var stopped = new MemoryArchive();
        Assert.Throws<OperationCanceledException>(() => Train(stopped, stop));
        Assert.Equal(0, (Train(stopped, null) - expected).abs().max().item<float>());

        Tensor Train(MemoryArchive archive, int? stopAt)
        {
            using var weights = new Generator(0);
            using DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpace.Parse("sphere:2"), 64, Pictures.Small, weights);
            using var source = new CancellationTokenSource();
            bool isNew = archive.Step == 0;
            var observer = new Stopper(source, stopAt);
            new Trainer(model, options).Train(data.Train, data.Test, observer, archive, source.Token);
            Assert.Equal(isNew, observer.IsAligned);
            return cat([.. model.parameters().Select(parameter => parameter.flatten().clone())]).detach();
        }
    }

    private static double RestOf(Func<long, double> error)
    {
        using var state = new AlignmentState();
        state.BeginRest(5);
        long step = 0;
        while (state.EncoderShareAt(step) == 0)
        {
            using DisposeScope scope = NewDisposeScope();
            state.Observe(Terms(error(step)), step + 1, 1000, 100);
            step++;
        }
        return step;
    }

    private static ElboTerms Terms(double squaredError) => new()
    {
        LogLikelihood = zeros(1),
        Divergence = zeros(1, 1),
        SquaredError = full([1], squaredError),
        Posterior = new Posterior { Mean = zeros(1, 1), LogTime = zeros(1, 1) },
    };

    private sealed class Stopper(CancellationTokenSource source, int? at) : ITrainingObserver
    {
        public bool IsAligned { get; private set; }

        public void Aligning(double share) => IsAligned |= share == 1;

        public void StepDone(TrainingStep progress)
        {
            if (progress.Step == at)
            {
                source.Cancel();
            }
        }
    }
}
