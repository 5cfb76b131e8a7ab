using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>The share of the divergence in a training step on MNIST: both forward and backward, the step without the optimiser.</summary>
internal static class DivergenceBenchmark
{
    private const int Pixels = 784;
    private const int Steps = 40;

    public static void Run(int batch, int repeats)
    {
        foreach (string id in new[] { "torus", "sphere", "rp3", "so3", "embedded-torus" })
        {
            using var generator = new Generator(1, CPU);
            using DiffusionAutoencoder model = DiffusionAutoencoder.Create(LatentSpace.Parse(id), Pixels, new NetworkOptions(), generator);
            using Tensor images = rand([batch, Pixels], generator: generator);
            using Tensor point = model.Latent.SamplePrior(batch, generator).requires_grad_();
            using Tensor logTime = full([batch, 1], -4.0).requires_grad_();
            var steps = new List<double>();
            var divergences = new List<double>();
            // The first turn warms up, and makes the table of the divergence.
            for (int i = 0; i <= repeats; i++)
            {
                steps.Add(Timing.Seconds(Steps, () =>
                {
                    ElboTerms terms = model.Elbo(images, generator);
                    (terms.Divergence.sum(-1) - terms.LogLikelihood).mean().backward();
                }));
                divergences.Add(Timing.Seconds(Steps, () => model.Latent.Divergence(new Posterior(point, logTime)).mean().backward()));
            }
            double share = Timing.Median(divergences.Skip(1)) / Timing.Median(steps.Skip(1));
            Console.WriteLine(FormattableString.Invariant($"{id}, batch {batch}, {get_num_threads()} threads: the divergence is {100 * share:0.0}% of a step"));
        }
    }
}
