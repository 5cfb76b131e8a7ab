using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>The evidence lower bound (ELBO) of a model on a set of images, and its parts.</summary>
public sealed class ModelScore
{
    /// <summary>
    /// The KL in nats below which a component counts as collapsed: its posterior equals the prior and tells
    /// nothing about the image.
    /// </summary>
    public const double CollapsedKl = 0.1;

    private const int BatchSize = 1000;
    private const int ShardRows = 250;

    private readonly double? total;

    /// <summary>The number of images.</summary>
    public required long Count { get; init; }

    /// <summary>The number of pixels of an image.</summary>
    public required int Pixels { get; init; }

    /// <summary>The ELBO: the mean log-likelihood minus the mean KL, in nats per image.</summary>
    public required double Elbo { get; init; }

    /// <summary>
    /// The standard error of <see cref="Elbo"/> over images, √(s²/N) with the unbiased variance s²; NaN for a
    /// single image.
    /// </summary>
    public required double StandardError { get; init; }

    /// <summary>The mean KL of each component of the latent space, in nats per image.</summary>
    public required IReadOnlyList<double> ComponentKl { get; init; }

    /// <summary>The mean squared error per pixel.</summary>
    public required double Mse { get; init; }

    /// <summary>The mean log t.</summary>
    public required double LogTime { get; init; }

    /// <summary>The mean KL of the posterior from the prior, in nats per image.</summary>
    public double Kl
    {
        get => total ?? ComponentKl.Sum();
        // For stored scores, which lack the KL of the components.
        internal init => total = value;
    }

    /// <summary>The indices of the components whose posterior has collapsed.</summary>
    public IEnumerable<int> CollapsedComponents => ComponentKl.Index().Where(pair => pair.Item < CollapsedKl).Select(pair => pair.Index);

    /// <summary>
    /// Measures a model with one sample of the posterior for each image. Samples are exact where the latent
    /// space allows it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, on the model's device.</param>
    /// <param name="generator">The random generator, on the same device.</param>
    /// <returns>The score.</returns>
    public static ModelScore Measure(DiffusionAutoencoder model, ImageSet images, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        double sum = 0, squares = 0, error = 0, logTime = 0;
        var kl = new double[model.Latent.Components.Count];
        long atOnce = Shards.AreFor(model, images.Pixels) ? images.Count : BatchSize;
        for (long start = 0; start < images.Count; start += atOnce)
        {
            using Tensor batch = images.Pixels.narrow(0, start, Math.Min(atOnce, images.Count - start));
            foreach (double[] sums in Shards.Map(model, batch, ShardRows, generator, (rows, own) => Sums(model, rows, own)))
            {
                (sum, squares, error, logTime) = (sum + sums[0], squares + sums[1], error + sums[2], logTime + sums[3]);
                for (int i = 0; i < kl.Length; i++)
                {
                    kl[i] += sums[4 + i];
                }
            }
        }
        double count = images.Count;
        double mean = sum / count;
        // 0/0 for a single image, which says nothing of how images vary.
        double variance = Math.Max(0, squares - (count * mean * mean)) / (count - 1);
        return new ModelScore
        {
            Count = images.Count,
            Pixels = images.PixelCount,
            Elbo = mean,
            StandardError = Math.Sqrt(variance / count),
            ComponentKl = [.. kl.Select(total => total / count)],
            Mse = error / count / images.PixelCount,
            LogTime = logTime / count,
        };
    }

    /// <summary>
    /// Sums over images: of the ELBO, its square, the squared error, log t, and the KL of each component.
    /// </summary>
    private static double[] Sums(DiffusionAutoencoder model, Tensor images, Generator generator)
    {
        using var frozen = torch.no_grad();
        ElboTerms terms = model.ExactElbo(images, generator);
        Tensor divergence = terms.Divergence.to(ScalarType.Float64);
        Tensor values = terms.LogLikelihood.to(ScalarType.Float64) - divergence.sum(-1);
        return
        [
            values.sum().item<double>(),
            values.Squared().sum().item<double>(),
            terms.SquaredError.sum(ScalarType.Float64).item<double>(),
            terms.Posterior.LogTime.mean([-1]).sum(ScalarType.Float64).item<double>(),
            .. divergence.sum([0]).cpu().data<double>().ToArray(),
        ];
    }
}
