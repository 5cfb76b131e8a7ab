using DiffusionVae.Data;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>How data were understood: shape, type, range, labels, factors, and the first of them.</summary>
internal sealed class DataDescription(ImageData data)
{
    private const int FirstVectors = 3;
    private const int FirstFeatures = 6;
    private const int MostLabels = 20;

    private readonly DataSummary summary = DataSummary.Of(data);

    /// <summary>
    /// Says in a line or two what is trained on, with a warning where something looks wrong.
    /// </summary>
    public void Note(Terminal terminal)
    {
        terminal.Note(Invariant($"{data.Train.Count} {data.Shape.Noun} of {data.Shape} to train on, {data.Test.Count} to test on, ")
            + $"{summary.Range}");
        foreach (string text in data.Remarks.Concat(summary.Warnings().Select(warning => $"WARNING: {warning}")))
        {
            terminal.Note(text);
        }
    }

    /// <summary>Writes all of it for people.</summary>
    public void Write(TextWriter output)
    {
        ResultLine.Write(output, data.Shape.Noun, Invariant(
            $"{data.Train.Count} to train on, {data.Test.Count} to test on, of {data.Shape}"));
        if (data.Format is { } format)
        {
            ResultLine.Write(output, "read from", format);
        }
        ResultLine.Write(output, "range", summary.Range);
        ResultLine.Write(output, "labels", Labels());
        ResultLine.Write(output, "factors", Factors());
        foreach (string remark in data.Remarks)
        {
            ResultLine.Write(output, "note", remark);
        }
        foreach (string warning in summary.Warnings())
        {
            ResultLine.Write(output, "WARNING", warning);
        }
        IEnumerable<string> first = data.Shape.IsImage ? ImagePreview.Lines(data.Train) : FirstRows();
        foreach ((int i, string line) in first.Index())
        {
            ResultLine.Write(output, i == 0 ? "first" : "", line);
        }
    }

    /// <summary>The same for programs.</summary>
    public object ForPrograms(string id, string? folder) => new
    {
        Data = id,
        Train = data.Train.Count,
        Test = data.Test.Count,
        IsImages = data.Shape.IsImage,
        data.Shape.Channels,
        data.Shape.Height,
        data.Shape.Width,
        data.Shape.FeatureNames,
        data.Format,
        summary.Least,
        summary.Greatest,
        summary.Mean,
        Labels = data.Train.Labels is not null,
        TestLabels = data.Test.Labels is not null,
        data.Train.LabelNames,
        Factors = data.Train.Factors?.Manifold.Id,
        Notes = data.Remarks,
        Warnings = summary.Warnings().ToArray(),
        Folder = folder,
    };

    private string Labels() => (data.Train.Labels, data.Test.Labels) switch
    {
        (null, null) => "none",
        (null, _) => "of the observations to test on alone; those to train on have none",
        (_, null) => "of the observations to train on alone; those to test on have none",
        ({ } labels, _) => Counts(labels.cpu().data<long>().ToArray()),
    };

    private string Counts(long[] labels)
    {
        KeyValuePair<long, int>[] counts = [.. labels.CountBy(label => label).OrderBy(entry => entry.Key)];
        string shown = string.Join(
            ", ", counts.Take(MostLabels).Select(entry => Invariant($"{data.Train.NameOf(entry.Key)} ({entry.Value})")));
        return counts.Length > MostLabels ? Invariant($"{counts.Length} kinds: {shown}, ...") : shown;
    }

    private string Factors() => data.Train.Factors is { } factors
        ? $"points of {factors.Manifold.Id}{(factors.Names.Count > 0 ? $" ({string.Join(", ", factors.Names)})" : "")}"
        : "not known";

    private IEnumerable<string> FirstRows()
    {
        int features = Math.Min(FirstFeatures, data.PixelCount), rows = (int)Math.Min(FirstVectors, data.Train.Count);
        string more = features < data.PixelCount ? ", ..." : "";
        if (data.Shape.FeatureNames.Count > 0)
        {
            yield return string.Join(", ", data.Shape.FeatureNames.Take(features)) + more;
        }
        foreach (float[] row in Rows.OfSingles(data.Train.Pixels[..rows]))
        {
            yield return string.Join(", ", row.Take(features).Select(value => Invariant($"{value:0.####}"))) + more;
        }
    }
}
