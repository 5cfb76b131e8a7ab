using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// What parts of a training step take, as shares of the whole: the walk, the divergence (both forward and
/// backward), the data.
/// </summary>
internal static class PartsBenchmark
{
    public static void Walk(Settings settings, Report report)
    {
        int[] steps = settings.Wholes("walks", 1, 2, 5, 10, 20, 50);
        report.Begin("walk", "The walk by number of steps, forward and backward", "latent space", "batch", "walk", "ms", "of a step");
        ForEach(settings, LatentSpacesWithWalk, (latent, batch, images) =>
        {
            using DiffusionAutoencoder model = Workloads.Model(latent, 784);
            using Generator generator = new(1, CPU);
            Posterior posterior = Posteriors(model, batch, generator);
            LatentSpace[] spaces = [.. steps.Select(n => LatentSpace.Parse(latent, new LatentOptions { Steps = n }))];
            double[] times = TrainerInTurns.Measure(
                settings, model, images, batch,
                [.. spaces.Select(space => (Action)(() => space.Sample(posterior, generator).mean().backward()))]);
            for (int i = 0; i < steps.Length; i++)
            {
                report.Add(latent, batch, steps[i], 1e3 * times[i + 1], times[i + 1] / times[0]);
            }
        });
    }

    public static void Divergence(Settings settings, Report report)
    {
        DivergenceMethod[] methods = [DivergenceMethod.Exact, DivergenceMethod.Asymptotic, DivergenceMethod.Paper];
        report.Begin("divergence", "The divergence by method, forward and backward", "latent space", "batch", "method", "ms", "of a step");
        ForEach(settings, LatentSpacesWithWalk, (latent, batch, images) =>
        {
            using DiffusionAutoencoder model = Workloads.Model(latent, 784);
            using Generator generator = new(1, CPU);
            Posterior posterior = Posteriors(model, batch, generator);
            LatentSpace[] spaces = [.. methods.Select(
                method => LatentSpace.Parse(latent, new LatentOptions { Divergence = method, Bounds = LogTimeBounds.Paper }))];
            double[] times = TrainerInTurns.Measure(
                settings, model, images, batch, [.. spaces.Select(space => (Action)(() => space.Divergence(posterior).mean().backward()))]);
            for (int i = 0; i < methods.Length; i++)
            {
                report.Add(latent, batch, methods[i].ToString(), 1e3 * times[i + 1], times[i + 1] / times[0]);
            }
        });
    }

    public static void Data(Settings settings, Report report)
    {
        report.Begin("data", "The data of a step", "batch", "what", "ms", "of a step");
        ForEach(settings, ["torus"], (latent, batch, images) =>
        {
            using DiffusionAutoencoder model = Workloads.Model(latent, 784);
            using Generator generator = new(1, CPU);
            using ImageData translated = DataCatalogue.Parse("fourier:10,0.3,size=28,images=1,test=1").Load();
            ImageFamily family = translated.Family!;
            using Tensor order = randperm(images.Count, generator: generator);
            using Tensor grey = images.Pixels.narrow(0, 0, batch).clone();
            (string What, Action Do)[] parts =
            [
                ("shuffle", () => randperm(images.Count, generator: generator)),
                ("gather", () => images.Pixels.index_select(0, order.narrow(0, 0, batch))),
                ("binarise", () => rand(grey.shape, generator: generator).lt(grey).to(ScalarType.Float32)),
                ("Fourier pictures", () => family.Render(family.Manifold.SampleUniform(batch, generator))),
            ];
            double[] times = TrainerInTurns.Measure(settings, model, images, batch, [.. parts.Select(part => part.Do)]);
            for (int i = 0; i < parts.Length; i++)
            {
                // A shuffle is of all images, once an epoch.
                double perStep = parts[i].What == "shuffle" ? times[i + 1] * batch / images.Count : times[i + 1];
                report.Add(batch, parts[i].What, 1e3 * perStep, perStep / times[0]);
            }
        });
    }

    private static string[] LatentSpacesWithWalk { get; } =
        [.. Workloads.LatentSpaces.Where(id => LatentSpace.Parse(id) is DiffusionLatentSpace)];

    private static void ForEach(Settings settings, string[] latents, Action<string, int, ImageSet> measure)
    {
        using ImageSet images = Workloads.Images(settings.Whole("images", 60_000), 28);
        foreach (int batch in settings.Wholes("batches", 128, 640))
        {
            foreach (string latent in settings.Texts("latents", latents))
            {
                measure(latent, batch, images);
            }
        }
    }

    private static Posterior Posteriors(DiffusionAutoencoder model, int batch, Generator generator) =>
        new()
        {
            Mean = model.Latent.SamplePrior(batch, generator).requires_grad_(),
            LogTime = full([batch, model.Latent.TimeDimension], -4.0f).requires_grad_(),
        };
}
