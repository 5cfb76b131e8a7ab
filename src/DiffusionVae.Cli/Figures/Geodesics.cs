using DiffusionVae.LatentSpaces;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>What the decoder makes of shortest paths between images in latent space.</summary>
internal static class Geodesics
{
    private const int Steps = 11;
    private const int Pairs = 6;

    /// <summary>The figure; null where shortest paths are not known, or there is only one image.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">
    /// Where images are encoded, [count, n], one after the other the ends of paths.
    /// </param>
    /// <param name="originals">These images, as many.</param>
    /// <param name="renderer">How images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public static Figure? Of(LatentSpace latent, Tensor points, float[][] originals, ImageRenderer renderer, Func<Tensor, float[][]> decode)
    {
        int pairs = Math.Min(Pairs, originals.Length / 2);
        if (pairs == 0 || !latent.Manifolds.All(ShortestPaths.AreKnown))
        {
            return null;
        }
        using var scope = NewDisposeScope();
        Tensor[] ends = points[..(2 * pairs)].view(pairs, 2, -1).unbind(1);
        Tensor paths = cat(
            [
                .. latent.Manifolds.Zip(Parts(ends[0]), Parts(ends[1]))
                    .Select(part => ShortestPaths.Between(part.First, part.Second, part.Third, Steps)),
            ],
            -1);
        float[][] decoded = decode(paths.flatten(0, 1));
        float[] blank = [];
        return new Figure(
            "geodesics",
            $"Shortest paths in {latent.Id}: on the left and right two images that were not trained on, "
            + "and between them images decoded at even steps from the point of one to that of the other.",
            new ImageGrid(renderer, [.. decoded.Chunk(Steps).Select((path, pair) => ("", Row(path, pair)))]));

        float[][] Row(float[][] path, int pair) => [originals[2 * pair], blank, .. path, blank, originals[(2 * pair) + 1]];


        Tensor[] Parts(Tensor of) => of.split([.. latent.Manifolds.Select(manifold => (long)manifold.AmbientDimension)], -1);
    }
}
