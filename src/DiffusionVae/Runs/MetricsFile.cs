using System.Globalization;
using CsvHelper;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>The table of a run, <c>metrics.csv</c>: a row for each epoch.</summary>
internal static class MetricsFile
{
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    private static readonly string[] Columns =
        ["epoch", "seconds", "train_elbo", "train_kl", "train_mse", "test_elbo", "test_kl", "test_mse", "log_t_mean"];

    /// <summary>Writes the header of a new table.</summary>
    public static void Create(string path) => Append(path, FileMode.CreateNew, Columns);

    /// <summary>Adds the row of an epoch.</summary>
    public static void Append(string path, EpochMetrics metrics) => Append(
        path,
        FileMode.Append,
        metrics.Epoch,
        Math.Round(metrics.Seconds, 3),
        metrics.TrainElbo,
        metrics.TrainKl,
        metrics.TrainMse,
        metrics.Test.Value,
        metrics.Test.Kl,
        metrics.Test.Mse,
        metrics.Test.LogTime);

    private static void Append(string path, FileMode mode, params object[] row)
    {
        using var stream = new FileStream(path, mode, FileAccess.Write, FileShare.Read);
        using var csv = CsvWriter.Create(stream, Options, leaveOpen: false);
        foreach (object field in row)
        {
            csv.WriteField(field);
        }
        csv.EndRecord();
    }
}
