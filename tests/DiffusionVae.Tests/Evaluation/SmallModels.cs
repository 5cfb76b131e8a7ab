using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>Autoencoders of a few pixels whose decoders bend enough to make posteriors of more than one mode.</summary>
internal static class SmallModels
{
    public const int Pixels = 12;

    /// <summary>An untrained model, its decoder strengthened so that images tell something of their points.</summary>
    public static DiffusionAutoencoder Create(string id, double strength = 6, string decoder = "gaussian:0.3")
    {
        using var generator = new Generator(11, CPU);
        LatentSpace latent = LatentSpace.Parse(id, new LatentOptions { InitialLogTime = -1 });
        var options = new NetworkOptions { EncoderWidths = [16], DecoderWidths = [24], Decoder = decoder };
        DiffusionAutoencoder model = DiffusionAutoencoder.Create(latent, Pixels, options, generator);
        using (no_grad())
        {
            Tensor weights = model.Decoder.named_parameters().First(parameter => parameter.name == "1.weight").parameter;
            weights.mul_(strength);
        }
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
        return new ImageSet("drawn", model.Likelihood is BernoulliLikelihood ? means : means + noise, 1, Pixels);
    }
}
