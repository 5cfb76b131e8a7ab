using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Benchmarks;

/// <summary>A training step against the matrix products that it needs, and against a plain loop.</summary>
internal static class StepBenchmark
{
    public static void Run(string[] latents, int[] batches, int[] sides, int turns)
    {
        foreach (int side in sides)
        {
            foreach (int batch in batches)
            {
                using ImageSet images = Workloads.Images(side > 28 ? 8192 : 60_000, side);
                foreach (string latent in latents)
                {
                    using DiffusionAutoencoder model = Workloads.Model(latent, side * side);
                    using var products = new MatrixProducts(model, batch);
                    using PlainLoop? plain = PlainLoop.Knows(latent) ? new PlainLoop(latent, images, batch) : null;
                    int stepsPerTurn = Math.Max(1, 2560 / batch);
                    double[] t = TrainerInTurns.Measure(model, images, batch, stepsPerTurn, turns, plain is null ? [products.Run] : [products.Run, () => plain.Step()]);
                    Console.WriteLine(FormattableString.Invariant(
                        $"{latent,16} {side} {batch}  step {1e3 * t[0]:0.00} products {1e3 * t[1]:0.00} ratio {t[0] / t[1]:0.000}") + (plain is null ? "" : FormattableString.Invariant($" plain {1e3 * t[2]:0.00} plain/products {t[2] / t[1]:0.000} step/plain {t[0] / t[2]:0.000}")));
                }
            }
        }
    }
}
