using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// Points all over a latent space: those of images, and draws from the prior. The page falls back on them
/// where it cannot compute.
/// </summary>
internal static class KnownPoints
{
    /// <summary>
    /// Takes half of the points from images, if there are so many, and the rest from the prior.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="points">The points of images, [images, n].</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, n]; fewer where the prior cannot be drawn from.</returns>
    public static Tensor Of(Run run, Tensor points, int count)
    {
        using var scope = NewDisposeScope();
        Tensor own = points[..(int)Math.Min(points.size(0), count / 2)];
        Tensor? drawn = Draw(run.Model.Latent, count - own.size(0), run.Config.Training.Seed);
        return cat(drawn is null ? [own] : [own, drawn], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The mean images of points in 256 shades, one after another.</summary>
    public static byte[] Shades(Run run, Tensor points, (float Black, float White) range)
    {
        using var scope = NewDisposeScope();
        return LatentImages.Shades(run.Decode(points), range);
    }

    private static Tensor? Draw(LatentSpace latent, long count, long seed)
    {
        if (latent.Prior is null)
        {
            return null;
        }
        using Generator generator = Seeds.Generator(seed, RandomPurpose.Prior);
        return latent.SamplePrior(count, generator);
    }
}
