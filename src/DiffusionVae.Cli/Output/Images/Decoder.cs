using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Output;

/// <summary>Images of points of a run's latent space, a batch at a time.</summary>
internal static class Decoder
{
    private const int BatchSize = 500;

    /// <summary>The mean images of points, each the same however many there are.</summary>
    /// <param name="run">The run.</param>
    /// <param name="points">The coordinates of each; the point of the manifold that is nearest is taken.</param>
    public static IEnumerable<float[]> Decode(Run run, IEnumerable<float[]> points) => points.Chunk(BatchSize).SelectMany(batch => Decode(run, batch));

    /// <summary>Points drawn from the prior, without end; the first of them are the same however many are taken.</summary>
    /// <param name="run">The run.</param>
    /// <param name="seed">Decides the draws.</param>
    public static IEnumerable<float[]> Prior(Run run, long seed)
    {
        using Generator generator = Seeds.Generator(seed, RandomPurpose.Prior);
        while (true)
        {
            foreach (float[] point in Draw(run, generator))
            {
                yield return point;
            }
        }
    }

    private static float[][] Decode(Run run, float[][] points)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        // Always a whole batch: the last digits of a product may depend on its number of rows.
        IEnumerable<float[]> whole = points.Concat(Enumerable.Repeat(points[0], BatchSize - points.Length));
        Tensor batch = tensor([.. whole.SelectMany(point => point)], [BatchSize, run.Model.Latent.AmbientDimension], device: Devices.Parse(run.Config.Device));
        return Rows.OfSingles(run.Model.Decode(run.Model.Latent.Project(batch))[..points.Length]);
    }

    private static float[][] Draw(Run run, Generator generator)
    {
        using var scope = NewDisposeScope();
        return Rows.OfSingles(run.Model.Latent.SamplePrior(BatchSize, generator));
    }
}
