using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>What the decoder makes of shortest paths between images in latent space.</summary>
internal static class Geodesics
{
    private const int Steps = 11;
    private const int Pairs = 6;

    /// <summary>The figure; null where geodesics are not known in closed form, or there is only one image.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">Where images are encoded, [count, n], one after the other the ends of paths.</param>
    /// <param name="originals">These images, as many.</param>
    /// <param name="pictures">How images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public static Figure? Of(LatentSpace latent, Tensor points, float[][] originals, Pictures pictures, Func<Tensor, float[][]> decode)
    {
        IGeodesicManifold[] manifolds = [.. latent.Manifolds.OfType<IGeodesicManifold>()];
        int pairs = Math.Min(Pairs, originals.Length / 2);
        if (manifolds.Length < latent.Manifolds.Count || pairs == 0)
        {
            return null;
        }
        using var scope = NewDisposeScope();
        long[] widths = [.. manifolds.Select(manifold => (long)manifold.AmbientDimension)];
        Tensor[] from = points[..(2 * pairs)].view(pairs, 2, -1).select(1, 0).split(widths, -1);
        Tensor[] to = points[..(2 * pairs)].view(pairs, 2, -1).select(1, 1).split(widths, -1);
        Tensor At(double share) => cat([.. manifolds.Select((manifold, i) => manifold.Exp(from[i], manifold.Log(from[i], to[i]) * share))], -1);
        float[][] decoded = decode(stack([.. Enumerable.Range(0, Steps).Select(step => At((double)step / (Steps - 1)))], 1).flatten(0, 1));
        float[] blank = [];
        return new Figure(
            "geodesics",
            $"Shortest paths in {latent.Id}: on the left and right two images that were not trained on, and between them images decoded at even steps from the point of one to that of the other.",
            new ImageGrid(pictures, [.. decoded.Chunk(Steps).Select((path, pair) => ("", (float[][])[originals[2 * pair], blank, .. path, blank, originals[(2 * pair) + 1]]))]));
    }
}
