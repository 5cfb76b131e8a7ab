using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The evidence lower bound of a model on a set of images, and its parts.</summary>
/// <param name="Count">The number of images.</param>
/// <param name="Pixels">The number of pixels of an image.</param>
/// <param name="Elbo">The ELBO: mean log-likelihood less mean KL, in nats per image.</param>
/// <param name="StandardError">Of <paramref name="Elbo"/>, over images.</param>
/// <param name="ComponentKl">The mean KL of each factor of the latent space, in nats per image.</param>
/// <param name="Mse">The mean squared error per pixel.</param>
/// <param name="LogTime">The mean log t.</param>
public sealed record ModelScore(long Count, int Pixels, double Elbo, double StandardError, IReadOnlyList<double> ComponentKl, double Mse, double LogTime)
{
    /// <summary>Below this KL, in nats, a factor of the latent space says nothing about the image: the posterior has collapsed to the prior.</summary>
    public const double CollapsedKl = 0.1;

    private const int BatchSize = 1000;

    private readonly double? total;

    /// <summary>The mean KL of the posterior from the prior, in nats per image: the sum over the components.</summary>
    public double Kl
    {
        get => total ?? ComponentKl.Sum();
        // For scores that were stored without those of the components.
        internal init => total = value;
    }

    /// <summary>The factors whose posterior has collapsed, by index.</summary>
    public IEnumerable<int> CollapsedComponents => ComponentKl.Select((kl, i) => (kl, i)).Where(factor => factor.kl < CollapsedKl).Select(factor => factor.i);

    /// <summary>Measures a model, with one sample of the posterior for each image, exact where it can be.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    public static ModelScore Measure(DiffusionAutoencoder model, ImageSet images, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using var frozen = torch.no_grad();
        double sum = 0, squares = 0, error = 0, logTime = 0;
        var kl = new double[model.Latent.Components.Count];
        for (long start = 0; start < images.Count; start += BatchSize)
        {
            using var scope = torch.NewDisposeScope();
            Tensor batch = images.Pixels.narrow(0, start, Math.Min(BatchSize, images.Count - start));
            ElboTerms terms = model.ExactElbo(batch, generator);
            Tensor divergence = terms.Divergence.to(ScalarType.Float64);
            Tensor values = terms.LogLikelihood.to(ScalarType.Float64) - divergence.sum(-1);
            sum += values.sum().item<double>();
            squares += values.Squared().sum().item<double>();
            error += terms.SquaredError.sum(ScalarType.Float64).item<double>();
            logTime += terms.Posterior.LogTime.mean([-1]).sum(ScalarType.Float64).item<double>();
            double[] factors = divergence.sum([0]).cpu().data<double>().ToArray();
            for (int i = 0; i < kl.Length; i++)
            {
                kl[i] += factors[i];
            }
        }
        double count = images.Count;
        double mean = sum / count;
        double variance = Math.Max(0, (squares / count) - (mean * mean));
        return new ModelScore(
            images.Count, images.PixelCount, mean, Math.Sqrt(variance / count), [.. kl.Select(total => total / count)], error / count / images.PixelCount, logTime / count);
    }
}
