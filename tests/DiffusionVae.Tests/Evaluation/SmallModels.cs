using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>Autoencoders of a few pixels, and images that suit them.</summary>
internal static class SmallModels
{
    public const int Pixels = 12;
    private static readonly double[] Lengths = [2.0, 0.7];

    /// <summary>
    /// An untrained model, its decoder strengthened so that images tell something of their points.
    /// </summary>
    public static DiffusionAutoencoder Create(string id, string decoder = "gaussian:0.3")
    {
        using var generator = new Generator(11, CPU);
        LatentSpace latent = LatentSpace.Parse(id, new LatentOptions { InitialLogTime = -1 });
        var options = new NetworkOptions { EncoderWidths = [32], DecoderWidths = [24], Decoder = decoder };
        DiffusionAutoencoder model = DiffusionAutoencoder.Create(latent, Pixels, options, generator);
        using (no_grad())
        {
            // The same bend in whatever units the points are.
            using Tensor points = latent.SamplePrior(100, generator), features = latent.Features(points);
            double strength = 4 / Math.Sqrt(Numeric.Values(features).Sum(x => x * x) / 100);
            model.Decoder.named_parameters().First(parameter => parameter.name == "1.weight").parameter.mul_(strength);
        }
        return model;
    }

    /// <summary>
    /// The same after a few hundred steps on images of its own, so that its encoder has learnt where they
    /// come from.
    /// </summary>
    public static DiffusionAutoencoder Train(string id, string decoder = "gaussian:0.3")
    {
        DiffusionAutoencoder model = Create(id, decoder);
        using ImageSet train = Images(model, 1024), test = Images(model, 8);
        new Trainer(model, new TrainingOptions { Initialisation = Initialisation.Random, Epochs = 20, BatchSize = 64, LearningRate = 0.01 })
            .Train(train, test);
        return model;
    }

    /// <summary>Images drawn from the model itself: its means at points of the prior, with noise.</summary>
    public static ImageSet Images(DiffusionAutoencoder model, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        using var frozen = no_grad();
        using var generator = new Generator(12, CPU);
        Tensor means = model.Decode(model.Latent.SamplePrior(count, generator));
        Tensor noise = randn(means.shape, generator: generator) * 0.5;
        return new ImageSet("drawn", model.Likelihood is BernoulliLikelihood ? means : means + noise, ObservationShape.Image(1, Pixels));
    }

    /// <summary>
    /// A linear decoder on R^2 with its exact posterior as encoder, and log N(x; b, W Wᵀ + σ² I) in closed
    /// form.
    /// </summary>
    public static (DiffusionAutoencoder Model, Func<Tensor, double[]> LogLikelihood) Linear(double variance)
    {
        using DisposeScope scope = NewDisposeScope();
        using var frozen = no_grad();
        using var generator = new Generator(13, CPU);
        // Orthogonal columns make the posterior's covariance diagonal.
        Tensor w = linalg.qr(randn([Pixels, 2], ScalarType.Float64, generator: generator)).Q * tensor(Lengths);
        Tensor b = randn([Pixels], ScalarType.Float64, generator: generator);
        Tensor posteriorVariance = 1 / (1 + (w.square().sum([0]) / variance));
        Tensor toMean = posteriorVariance.unsqueeze(-1) * w.transpose(0, 1) / variance;
        var encoder = Layer(cat([toMean, zeros_like(toMean)], 0), cat([-matmul(toMean, b), posteriorVariance.log()], 0));
        var model = new DiffusionAutoencoder(LatentSpace.Parse("euclidean:2"), encoder, Layer(w, b), new GaussianLikelihood(variance));
        Tensor covariance = (matmul(w, w.transpose(0, 1)) + (eye(Pixels, dtype: ScalarType.Float64) * variance)).DetachFromDisposeScope();
        Tensor mean = b.DetachFromDisposeScope();
        return (model, x =>
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor difference = x.to(ScalarType.Float64) - mean;
            Tensor distance = (difference * linalg.solve(covariance, difference.transpose(0, 1)).transpose(0, 1)).sum(-1);
            return Numeric.Values(-0.5 * (distance + linalg.slogdet(covariance).Item2 + (Pixels * Math.Log(2 * Math.PI))));
        });
    }

    private static TorchSharp.Modules.Linear Layer(Tensor weight, Tensor bias)
    {
        TorchSharp.Modules.Linear layer = nn.Linear(weight.size(1), weight.size(0));
        layer.weight!.copy_(weight);
        layer.bias!.copy_(bias);
        return layer;
    }
}
