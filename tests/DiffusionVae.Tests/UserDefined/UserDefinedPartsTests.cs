using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;
using DiffusionVae.Training;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.UserDefined;

/// <summary>
/// A latent space, a likelihood and an image family made of public members alone: they train, are evaluated
/// and are judged.
/// </summary>
public class UserDefinedPartsTests
{
    [Fact]
    public void A_latent_space_needs_four_members_to_train_and_a_prior_to_be_judged()
    {
        using ImageSet train = Images(seed: 1, count: 512), test = Images(seed: 2, count: 64);
        using DiffusionAutoencoder model = Model(new VonMisesFisherSpace());
        var options = new TrainingOptions { Epochs = 12, BatchSize = 32, LearningRate = 0.01 };
        IReadOnlyList<EpochMetrics> history = new Trainer(model, options).Train(train, test);
        (double first, double elbo) = (history[0].Validation.Elbo, history[^1].Validation.Elbo);
        Assert.True(elbo > first + 1, $"{first} -> {elbo}");
        Assert.Equal(3 + 1, model.Latent.EncoderOutputs);

        using Generator generator = new(5);
        var many = new ImportanceOptions { Samples = 2000 };
        double[] sampled = [.. ImportanceLikelihood.Measure(model, test, generator, many).LogLikelihood];
        double[] integrated = [.. QuadratureLikelihood.Measure(model, test, new QuadratureOptions { Tolerance = 0.01 }).LogLikelihood];
        // The bound holds for exact samples on average; 64 images, one sample each, leave a few tenths of a
        // nat.
        Assert.InRange(integrated.Average() - elbo, -0.5, 30);
        // Two thousand weights of one image vary by a few percent in their mean.
        Assert.InRange(sampled.Average() - integrated.Average(), -0.1, 0.1);
        Assert.All(sampled.Zip(integrated), pair => Assert.Equal(pair.Second, pair.First, 0.6));
    }

    [Fact]
    public void The_divergence_of_a_user_defined_posterior_is_that_of_its_samples()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        var latent = new VonMisesFisherSpace();
        const int count = 200_000;
        foreach (double kappa in new[] { 0.5, 3, 40 })
        {
            Tensor mean = latent.Project(ones(1, 3, ScalarType.Float64)).expand(count, 3);
            var posterior = new Posterior { Mean = mean, LogTime = full([count, 1], -Math.Log(kappa), ScalarType.Float64) };
            Tensor z = latent.Sample(posterior, generator);
            // KL = E[log q(z) - log p(z)] with log q - log p = κ μ·z + log(κ / sinh κ).
            Tensor logRatio = ((z * mean).sum(-1) * kappa) + Math.Log(kappa / Math.Sinh(kappa));
            double error = logRatio.std().item<double>() / Math.Sqrt(count);
            Assert.InRange((latent.Divergence(posterior)[0, 0] - logRatio.mean()).item<double>() / error, -5, 5);
        }
    }

    [Fact]
    public void What_a_latent_space_does_not_supply_is_said_when_it_is_asked_for()
    {
        using DiffusionAutoencoder model = Model(new VonMisesFisherSpace(hasPrior: false));
        using ImageSet test = Images(seed: 2, count: 4);
        using Generator generator = new(0);
        const string message = "The prior of latent space 'von-mises-fisher:2' is not known, so nothing can be drawn from it. "
            + "Override LatentSpace.Prior.";
        Assert.Equal(message, Assert.Throws<NotSupportedException>(() => model.Latent.SamplePrior(2, generator)).Message);
        Assert.Equal(message, Assert.Throws<NotSupportedException>(() => ImportanceLikelihood.Measure(model, test, generator)).Message);
        Assert.Equal(message, Assert.Throws<NotSupportedException>(() => QuadratureLikelihood.Measure(model, test)).Message);
        var product = new ProductLatentSpace([LatentSpace.Parse("torus:1"), model.Latent]);
        Assert.Null(product.Prior);
        string ofProduct = Assert.Throws<NotSupportedException>(() => product.SamplePrior(2, generator)).Message;
        Assert.Contains("Override LatentSpace.Prior.", ofProduct, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_defined_space_is_a_component_of_a_product() => Replay.Seeds(generator =>
    {
        var product = new ProductLatentSpace([new VonMisesFisherSpace(), LatentSpace.Parse("euclidean:2")]);
        Assert.Equal("von-mises-fisher:2*euclidean:2", product.Id);
        Assert.Equal((4, 5, 5, 3), (product.Dimension, product.AmbientDimension, product.MeanDimension, product.TimeDimension));
        Tensor mean = product.Mean(randn(7, 5, generator: generator)), logTime = product.LogTime(randn(7, 3, generator: generator));
        var posterior = new Posterior { Mean = mean, LogTime = logTime };
        Assert.Equal([7, 2], product.Divergence(posterior).shape);
        Assert.Equal([7, 5], product.Sample(posterior, generator).shape);
        Assert.Equal([7, 5], product.SamplePrior(7, generator).shape);
        Assert.Equal([7, 1], product.Prior!.LogProposalRatio(posterior, product.Prior.SampleProposal(posterior, generator)).shape);
    });

    [Fact]
    public void A_space_with_an_encoding_of_its_own_trains_without_alignment()
    {
        using ImageSet train = Images(seed: 1, count: 64), test = Images(seed: 2, count: 16);
        using DiffusionAutoencoder model = Model(new SumOfTwo());
        Assert.Equal(3 + 3 + 1, model.Latent.EncoderOutputs);
        var options = new TrainingOptions { Epochs = 1, BatchSize = 16, Initialisation = Initialisation.Aligned };
        Assert.True(double.IsFinite(new Trainer(model, options).Train(train, test)[^1].Validation.Elbo));
    }

    [Fact]
    public void The_defaults_of_a_likelihood_are_made_of_its_score() => Replay.Seeds(generator =>
    {
        var likelihood = new LaplaceLikelihood(0.3);
        Assert.Equal("laplace:0.3", likelihood.Id);
        Assert.False(likelihood.NeedsProbabilities);
        Tensor images = rand([5, 12], generator: generator);
        Tensor output = rand([5, 7, 12], generator: generator), points = rand([9, 12], generator: generator);
        Tensor LogDensity(Tensor x, Tensor m) =>
            ((x.to(ScalarType.Float64) - m.to(ScalarType.Float64)).abs() / -0.3).sum(-1) - (12 * Math.Log(0.6));
        AssertSame(LogDensity(images.unsqueeze(1), output), likelihood.LogLikelihood(images, output));
        AssertSame(LogDensity(images.unsqueeze(1), points.unsqueeze(0)), likelihood.CrossLogLikelihood(images, points));
        // Its density integrates to 1.
        Tensor x = linspace(-6, 6, 100_001, ScalarType.Float64).unsqueeze(-1);
        double mass = likelihood.Score(x, zeros_like(x)).LogLikelihood.exp().mean().item<double>() * 12;
        Assert.Equal(1, mass, 1e-3);
    });

    [Fact]
    public void An_image_family_is_judged_with_its_own_images()
    {
        using Generator generator = new(1);
        // The logarithms of the pixels are linear in the point, so that a linear encoder of rank 3 finds it,
        // and one of rank 2 does not.
        Tensor inverse = linalg.pinv(Lamps.Directions().t());
        Assert.True(Judge(inverse.clone(), generator).IsCaptured);
        Topology flat = Judge(cat([inverse.narrow(0, 0, 2), zeros(1, 12)]), generator);
        Assert.False(flat.IsCaptured);
        Assert.NotEmpty(flat.Obstacles);
    }

    [Fact]
    public void A_family_that_renders_another_shape_is_refused()
    {
        using Generator generator = new(1);
        var fault = Assert.Throws<InvalidOperationException>(() => new Crooked().Sample("crooked", 5, generator));
        Assert.Equal(
            "The family rendered 5 points as a tensor of shape [5, 3]; it must be [5, 4], as its images have 4 pixels.", fault.Message);
    }

    private static Topology Judge(Tensor slopes, Generator generator)
    {
        LatentSpace latent = LatentSpace.Parse("sphere:2");
        using var model = new DiffusionAutoencoder(latent, new LogLinear(slopes), new Identity(), new LaplaceLikelihood(1));
        return Topology.Measure(model, new Lamps(), generator, new TopologyOptions { Samples = 1000 });
    }

    private static ImageSet Images(ulong seed, int count)
    {
        using Generator generator = new(seed);
        return new Lamps().Sample("lamps", count, generator);
    }

    private static DiffusionAutoencoder Model(LatentSpace latent)
    {
        using Generator generator = new(4);
        var encoder = new Mlp(12, [32], latent.EncoderOutputs, generator);
        var decoder = new Mlp(DiffusionAutoencoder.DecoderInputs(latent), [32], 12, generator);
        return new DiffusionAutoencoder(latent, encoder, decoder, new LaplaceLikelihood(0.05));
    }

    private static void AssertSame(Tensor expected, Tensor found)
    {
        Assert.Equal(ScalarType.Float64, found.dtype);
        Assert.Equal(expected.shape, found.shape);
        Assert.InRange(Numeric.Greatest(expected - found), 0, 1e-9);
    }

    /// <summary>A linear function of the logarithms of the pixels, and log t = -8.</summary>
    private sealed class LogLinear(Tensor slopes) : nn.Module<Tensor, Tensor>(nameof(LogLinear))
    {
        public override Tensor forward(Tensor input) =>
            cat([(input.log() + 1).matmul(slopes.t()), full([input.size(0), 1], -8f)], -1);
    }

    private sealed class Identity() : nn.Module<Tensor, Tensor>(nameof(Identity))
    {
        public override Tensor forward(Tensor input) => input.alias();
    }

    /// <summary>A sphere, encoded as the direction of the sum of two vectors.</summary>
    private sealed class SumOfTwo() : LatentSpace(new Sphere(2))
    {
        private readonly VonMisesFisherSpace sphere = new();

        public override string Id => "sum-of-two";

        public override int MeanDimension => 6;

        public override Tensor Mean(Tensor output)
        {
            using var scope = NewDisposeScope();
            return Project(output.narrow(-1, 0, 3) + output.narrow(-1, 3, 3)).MoveToOuterDisposeScope();
        }

        public override Tensor LogTime(Tensor output) => sphere.LogTime(output);

        public override Tensor Sample(Posterior posterior, Generator generator) => sphere.Sample(posterior, generator);

        public override Tensor Divergence(Posterior posterior) => sphere.Divergence(posterior);
    }

    private sealed class Crooked() : ImageFamily(new Sphere(2), ObservationShape.Image(2, 2))
    {
        public override Tensor Render(Tensor points) => points.clone();
    }
}
