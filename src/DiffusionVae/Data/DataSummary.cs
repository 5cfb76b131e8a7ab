namespace DiffusionVae.Data;

/// <summary>The range of the numbers of a data set, and what is suspicious about them.</summary>
internal sealed class DataSummary
{
    /// <summary>Above it, pixels are not grey values from 0 to 1 with some noise.</summary>
    private const double LargestUsual = 2;

    private readonly ImageData data;

    private DataSummary(ImageData data, double least, double greatest, double mean) =>
        (this.data, Least, Greatest, Mean) = (data, least, greatest, mean);

    /// <summary>The least number.</summary>
    public double Least { get; }

    /// <summary>The greatest number.</summary>
    public double Greatest { get; }

    /// <summary>The mean of all numbers.</summary>
    public double Mean { get; }

    /// <summary>The range in words.</summary>
    public string Range => Invariant($"from {Least:0.####} to {Greatest:0.####}, mean {Mean:0.####}");

    /// <summary>Measures the training observations.</summary>
    public static DataSummary Of(ImageData data)
    {
        using var scope = torch.NewDisposeScope();
        Tensor values = data.Train.Pixels;
        return new DataSummary(
            data, values.min().item<float>(), values.max().item<float>(), values.mean().item<float>());
    }

    /// <summary>What the user should know before training, each in a sentence.</summary>
    public IEnumerable<string> Warnings()
    {
        if (data.Family is not null)
        {
            yield break; // made by formula, with the range that is meant
        }
        string noun = data.Shape.Noun;
        if (AreAlike())
        {
            yield return Invariant($"all {data.Train.Count} training {noun} are the same: there is nothing to learn.");
        }
        else if (data.Shape.IsImage && Greatest > LargestUsual)
        {
            yield return Invariant($"pixels go up to {Greatest:0.####}. ")
                + $"The usual settings suit pixels from 0 to 1; divide by {Divisor()}.";
        }
        else if (data.Shape.IsImage && Least < 0)
        {
            yield return Invariant($"pixels go down to {Least:0.####}, as standardised images do. ")
                + "The usual settings suit pixels from 0 to 1.";
        }
        if (MissingLabels() is { Length: > 0 } missing)
        {
            yield return $"no test observation has the label {string.Join(", ", missing)}. Are the rows in the order of their labels?";
        }
    }

    private string Divisor() => Greatest <= byte.MaxValue ? "255" : Greatest <= ushort.MaxValue ? "65535" : "the largest value";

    private bool AreAlike()
    {
        const long piece = 1000;
        Tensor rows = data.Train.Pixels;
        for (long start = 0; start < rows.size(0) && rows.size(0) > 1; start += piece)
        {
            using var scope = torch.NewDisposeScope();
            if (rows.narrow(0, start, Math.Min(piece, rows.size(0) - start)).ne(rows[..1]).any().item<bool>())
            {
                return false;
            }
        }
        return rows.size(0) > 1;
    }

    private string[] MissingLabels() => data.Train.Labels is { } train && data.Test.Labels is { } test
        ? [.. train.cpu().data<long>().ToArray().Distinct().Except(test.cpu().data<long>().ToArray()).Order().Select(data.Train.NameOf)]
        : [];
}
