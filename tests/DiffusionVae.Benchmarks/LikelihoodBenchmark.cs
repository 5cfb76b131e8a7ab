using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>How long the likelihood of images takes by importance sampling, against the matrix products alone that its decoder needs.</summary>
internal static class LikelihoodBenchmark
{
    private const int Pixels = 784;
    private const int RowsAtOnce = 512;

    /// <summary>Both in turn, several times, and the ratio of the medians.</summary>
    public static void Run(int imageCount, int samples, int repeats, string manifold)
    {
        using var frozen = no_grad();
        using var generator = new Generator(1, CPU);
        using DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpace.Parse(manifold), Pixels, new NetworkOptions(), generator);
        using Tensor grey = rand([imageCount, Pixels], generator: generator);
        using var images = new ImageSet("random", grey, 28, 28);
        Tensor[] weights = [.. model.Decoder.parameters().Where(parameter => parameter.dim() == 2)];
        var options = new ImportanceOptions { Samples = samples };
        var likelihood = new List<double>();
        var products = new List<double>();
        // The first turn warms up.
        for (int i = 0; i <= repeats; i++)
        {
            products.Add(Timing.Seconds(1, () => Multiply(weights, (long)imageCount * samples)));
            likelihood.Add(Timing.Seconds(1, () => ImportanceLikelihood.Measure(model, images, generator, options)));
            Console.WriteLine(FormattableString.Invariant($"{(i == 0 ? "warm-up" : i),7}  products {products[^1],8:0.00} s  likelihood {likelihood[^1],8:0.00} s"));
        }
        double ratio = Timing.Median(likelihood.Skip(1)) / Timing.Median(products.Skip(1));
        Console.WriteLine(FormattableString.Invariant(
            $"{imageCount} images, {samples} samples, {manifold}, {get_num_threads()} threads: {ratio:0.00} times the decoder's matrix products"));
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
