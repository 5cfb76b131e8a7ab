using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// How long the likelihood of images takes by importance sampling, against the matrix products alone that its
/// decoder needs.
/// </summary>
internal static class LikelihoodBenchmark
{
    private const int RowsAtOnce = 512;

    /// <summary>Both by turns.</summary>
    public static void Run(Settings settings, Report report)
    {
        int imageCount = settings.Whole("likelihood-images", 2000), samples = settings.Whole("samples", 100);
        report.Begin(
            "likelihood", "Importance-weighted likelihood, against the products of the decoder", "latent space", "images", "samples",
            "products s", "likelihood s", "ratio");
        using var frozen = no_grad();
        using ImageSet images = Workloads.Images(imageCount, 28);
        var options = new ImportanceOptions { Samples = samples };
        foreach (string latent in settings.Texts("latents", "sphere", "torus"))
        {
            using var generator = new Generator(1, CPU);
            using DiffusionAutoencoder model = Workloads.Model(latent, images.PixelCount);
            Tensor[] weights = [.. model.Decoder.parameters().Where(parameter => parameter.dim() == 2)];
            double[] times = Timing.ByTurns(
                settings.Whole("turns", 3),
                () => Timing.Seconds(1, () => Multiply(weights, (long)imageCount * samples)),
                () => Timing.Seconds(1, () => ImportanceLikelihood.Measure(model, images, generator, options)));
            report.Add(latent, imageCount, samples, times[0], times[1], times[1] / times[0]);
        }
    }

    private static void Multiply(Tensor[] weights, long rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] inputs = [.. weights.Select(weight => rand(RowsAtOnce, weight.size(1)))];
        Tensor[] transposed = [.. weights.Select(weight => weight.t())];
        for (long done = 0; done < rows; done += RowsAtOnce)
        {
            for (int layer = 0; layer < weights.Length; layer++)
            {
                mm(inputs[layer], transposed[layer]).Dispose();
            }
        }
    }
}
