using CsvHelper;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Output;

/// <summary>The posterior of an image, and what is known of the image.</summary>
/// <param name="Index">The image's place in its set, from 0.</param>
/// <param name="Point">The coordinates of the mean point.</param>
/// <param name="LogTimes">log t; of R^k a log variance for each coordinate.</param>
/// <param name="Divergences">KL from the prior in nats, of each factor of the latent space.</param>
/// <param name="Label">Null if there is none.</param>
/// <param name="Factors">The coordinates of the true factor; empty if it is not known.</param>
internal sealed record EncodedImage(long Index, float[] Point, float[] LogTimes, float[] Divergences, string? Label, float[] Factors)
{
    /// <summary>The rows of a set of images.</summary>
    public static IEnumerable<EncodedImage> From(EncodedImages encoded, ImageSet images)
    {
        float[][] points = Rows.OfSingles(encoded.Mean), times = Rows.OfSingles(encoded.LogTime),
            divergences = Rows.OfSingles(encoded.Divergence);
        long[]? labels = images.Labels?.cpu().data<long>().ToArray();
        float[][]? factors = images.Factors is { } known ? Rows.OfSingles(known.Points) : null;
        return points.Select((point, i) => new EncodedImage(
            i, point, times[i], divergences[i], labels is null ? null : images.NameOf(labels[i]), factors?[i] ?? []));
    }

    /// <summary>The columns of the table: <c>image, z1, ..., log_t, kl, label, factor1, ...</c>, numbered
    /// where there are several of a kind.</summary>
    public IReadOnlyList<string> Columns() =>
    [
        "image",
        .. Enumerable.Range(1, Point.Length).Select(i => FormattableString.Invariant($"z{i}")),
        .. Numbered("log_t", LogTimes.Length),
        .. Numbered("kl", Divergences.Length),
        .. Label is null ? Array.Empty<string>() : ["label"],
        .. Enumerable.Range(1, Factors.Length).Select(i => FormattableString.Invariant($"factor{i}")),
    ];

    /// <summary>Writes the row.</summary>
    public void Write(CsvWriter csv)
    {
        csv.WriteField(Index);
        foreach (float number in Point.Concat(LogTimes).Concat(Divergences))
        {
            csv.WriteField(number);
        }
        if (Label is { } label)
        {
            csv.WriteField(label);
        }
        foreach (float number in Factors)
        {
            csv.WriteField(number);
        }
        csv.EndRecord();
    }

    private static IEnumerable<string> Numbered(string name, int count) =>
        count == 1 ? [name] : Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}{i}"));
}
