using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Reports;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>The figures of a run.</summary>
internal static class FigureSet
{
    private const int Columns = 12;
    private const int ReconstructedRows = 3;
    private const int SampledRows = 8;

    /// <summary>
    /// Draws all figures that the run and its data allow for, and writes them into a folder.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="data">Its data.</param>
    /// <param name="folder">The folder, which is made if it does not exist.</param>
    public static IReadOnlyList<FigureFiles> Write(Run run, ImageData data, string folder)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using Split split = run.Split(data);
        Directory.CreateDirectory(folder);
        return [.. Draw(run, split.Test).Select(figure => figure.Write(folder))];
    }

    /// <summary>The first of them alone.</summary>
    public static Figure LatentMap(Run run, ImageData data)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using Split split = run.Split(data);
        return Draw(run, split.Test).First();
    }

    private static IEnumerable<Figure> Draw(Run run, ImageSet images)
    {
        Tensor Decode(Tensor points) => run.Model.Decode(points.to(ScalarType.Float32, run.Device));
        float[][] DecodeRows(Tensor points) => Rows.OfSingles(Decode(points));

        LatentSpace latent = run.Model.Latent;
        Tensor shown = images.Pixels[..(int)Math.Min(Columns * ReconstructedRows, images.Count)];
        float[][] originals = Rows.OfSingles(shown);
        var renderer = new ImageRenderer(run.Shape, ObservationPicture.RangeOf(originals, run.Shape));
        Tensor points = run.Encode(images).Mean;

        foreach (Figure map in LatentMaps.Of(latent, points, images.Name, Colouring.Of(images), renderer, DecodeRows))
        {
            yield return map;
        }
        yield return Reconstructions(renderer, originals, DecodeRows(points[..originals.Length]));
        if (Geodesics.Of(latent, points, originals, renderer, DecodeRows) is { } geodesics)
        {
            yield return geodesics;
        }
        if (latent.Prior is not null)
        {
            using Generator generator = Seeds.Generator(run.Config.Training.Seed, RandomPurpose.Prior);
            yield return Samples(renderer, DecodeRows(latent.SamplePrior(Columns * SampledRows, generator)), latent.Id);
        }
        if (run.Directory.ReadMetrics() is { Count: > 0 } epochs)
        {
            yield return TrainingCurves.Of(epochs);
        }
    }

    private static Figure Reconstructions(ImageRenderer renderer, float[][] originals, float[][] reconstructed) => new(
        "reconstructions",
        "Images that were not trained on, and below each its reconstruction.",
        new ImageGrid(
            renderer,
            [
                .. originals.Chunk(Columns).Zip(reconstructed.Chunk(Columns))
                    .SelectMany(row => new[] { ("original", row.First), ("reconstruction", row.Second) }),
            ],
            band: 2));

    private static Figure Samples(ImageRenderer renderer, float[][] images, string latent) => new(
        "samples",
        $"Images decoded from points of {latent} drawn from the prior.",
        new ImageGrid(renderer, [.. images.Chunk(Columns).Select(row => ("", row))]));
}
