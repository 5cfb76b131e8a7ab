using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Output;

/// <summary>What the encoder of a run makes of images, a batch at a time.</summary>
internal static class Encoder
{
    private const int BatchSize = 1000;

    /// <summary>The posteriors of images, in order.</summary>
    public static IEnumerable<EncodedImage> Encode(Run run, ImageSet images)
    {
        for (long start = 0; start < images.Count; start += BatchSize)
        {
            foreach (EncodedImage image in Encode(run, images, start))
            {
                yield return image;
            }
        }
    }

    private static EncodedImage[] Encode(Run run, ImageSet images, long start)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        long count = Math.Min(BatchSize, images.Count - start);
        Posterior posterior = run.Model.Encode(images.Pixels.narrow(0, start, count).to(Devices.Parse(run.Config.Device)));
        (float[][] points, float[][] times) = (Rows.OfSingles(posterior.Mean), Rows.OfSingles(posterior.LogTime));
        float[][] divergences = Rows.OfSingles(run.Model.Latent.Divergence(posterior));
        long[]? labels = images.Labels?.narrow(0, start, count).cpu().data<long>().ToArray();
        float[][]? factors = images.Factors is { } known ? Rows.OfSingles(known.Points.narrow(0, start, count)) : null;
        return [.. points.Select((point, i) => new EncodedImage(start + i, point, times[i], divergences[i], labels?[i], factors?[i] ?? []))];
    }
}
