using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// A training step: against the matrix products that it needs and a plain loop, and how it grows.
/// </summary>
internal static class StepBenchmark
{
    private static readonly string[] Ratios =
        ["products ms", "by oneDNN ms", "step ms", "plain ms", "step/products", "step/oneDNN", "plain/products", "step/plain"];

    public static void Run(Settings settings, Report report)
    {
        string[] latents = settings.Texts("latents", Workloads.LatentSpaces);
        int[] batches = settings.Wholes("batches", 128, 640), sides = settings.Wholes("sides", 28, 64);
        report.Begin(
            "step", "A training step, the matrix products it needs, and a plain TorchSharp loop",
            ["latent space", "side", "batch", .. Ratios]);
        foreach (int side in sides)
        {
            foreach (int batch in batches)
            {
                foreach (string latent in latents)
                {
                    report.Add([latent, side, batch, .. Measure(settings, latent, side, batch)]);
                }
            }
        }
    }

    /// <summary>
    /// How the time grows: with the dimension, the steps of the walk, the number of latent spaces, and the
    /// size of images.
    /// </summary>
    public static void Scaling(Settings settings, Report report)
    {
        int batch = settings.Whole("batch", 128);
        (string What, string Latent, int Steps, int Side)[] cases =
        [
            .. settings.Wholes("dimensions", 1, 2, 5, 10, 20)
                .Select(d => ("dimension", FormattableString.Invariant($"sphere:{d}"), 10, 28)),
            .. settings.Wholes("walks", 1, 5, 10, 20, 50).Select(n => ("walk", "sphere:2", n, 28)),
            .. settings.Wholes("factors", 1, 2, 4).Select(k => ("factors", string.Join('*', Enumerable.Repeat("sphere:2", k)), 10, 28)),
            .. settings.Wholes("sides", 28, 64, 128).Select(side => ("image size", "sphere:2", 10, side)),
        ];
        report.Begin(
            "scaling", FormattableString.Invariant($"How a step grows, batch {batch}"),
            ["grows", "latent space", "walk", "side", .. Ratios]);
        foreach ((string what, string latent, int steps, int side) in cases)
        {
            report.Add([what, latent, steps, side, .. Measure(settings, latent, side, batch, new LatentOptions { Steps = steps })]);
        }
    }

    private static object[] Measure(Settings settings, string latent, int side, int batch, LatentOptions? options = null)
    {
        using ImageSet images = Workloads.Images(settings.Whole("images", side > 28 ? 4096 : 60_000), side);
        using DiffusionAutoencoder model = Workloads.Model(latent, side * side, options);
        using var products = new MatrixProducts(model, batch);
        using PlainLoop? plain = PlainLoop.Knows(latent) ? new PlainLoop(latent, images, batch, options?.Steps ?? 10) : null;
        Action[] others = plain is null ? [products.Run, products.RunByOneDnn] : [products.Run, products.RunByOneDnn, () => plain.Step()];
        double[] times = TrainerInTurns.Measure(settings, model, images, batch, others);
        (double step, double bare, double oneDnn, double plainly) = (times[0], times[1], times[2], plain is null ? double.NaN : times[3]);
        return [1e3 * bare, 1e3 * oneDnn, 1e3 * step, 1e3 * plainly, step / bare, step / oneDnn, plainly / bare, step / plainly];
    }
}
