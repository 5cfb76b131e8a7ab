using System.Globalization;
using System.Text;
using CsvHelper;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>The table of a run, <c>metrics.csv</c>: a row for each epoch.</summary>
internal static class MetricsFile
{
    private static readonly string[] Columns =
        ["epoch", "seconds", "train_elbo", "train_kl", "train_mse", "test_elbo", "test_kl", "test_mse", "log_t_mean"];

    /// <summary>Writes the whole table.</summary>
    public static void Write(string path, IEnumerable<EpochMetrics> history) =>
        AtomicFile.WriteText(path, Text([Columns, .. history.Select(epoch => Fields(epoch))]));

    /// <summary>Adds the row of an epoch.</summary>
    public static void Append(string path, EpochMetrics metrics) => File.AppendAllText(path, Text([Fields(metrics)]));

    /// <summary>Reads all rows. The table has neither standard errors nor the KL of single components nor the
    /// number of images.</summary>
    /// <exception cref="DataFormatException">A column or the file is missing, or a field is no
    /// number.</exception>
    public static IReadOnlyList<EpochMetrics> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new DataFormatException(path, "the file is missing");
        }
        using CsvTable table = CsvTable.Open(path, hasHeader: true);
        int[] at = [.. Columns.Select(column => table.IndexOf(column) is >= 0 and var index
            ? index
            : throw new DataFormatException(path, $"there is no column '{column}'"))];
        var rows = new List<EpochMetrics>();
        while (table.Read())
        {
            // A divergence that is not known is NaN.
            double Number(int column) => table.TryNumber(at[column], out double number) ? number : throw table.NoNumber(at[column]);
            var validation = new ModelScore
            {
                Count = 0,
                Pixels = 0,
                Elbo = Number(5),
                StandardError = double.NaN,
                ComponentKl = [],
                Mse = Number(7),
                LogTime = Number(8),
                Kl = Number(6),
            };
            rows.Add(new EpochMetrics
            {
                Epoch = Number(0) is var epoch && epoch == rows.Count + 1
                    ? rows.Count + 1
                    : throw new DataFormatException(path, Invariant($"line {table.Line}: expected epoch {rows.Count + 1}, found {epoch}")),
                Seconds = Number(1),
                TrainElbo = Number(2),
                TrainKl = Number(3),
                TrainMse = Number(4),
                Validation = validation,
            });
        }
        return rows;
    }

    /// <summary>The wall times in a table that may be damaged, of the epochs whose rows are present and
    /// correct.</summary>
    public static IReadOnlyDictionary<int, double> Seconds(string path, IEnumerable<EpochMetrics> history)
    {
        string[] lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        Dictionary<int, double> seconds = [];
        foreach (EpochMetrics epoch in history)
        {
            // The text after the last line feed is empty, or a row cut short.
            if (epoch.Epoch < lines.Length - 1
                && double.TryParse(
                    lines[epoch.Epoch].Split(',').ElementAtOrDefault(1), NumberStyles.Float, CultureInfo.InvariantCulture, out double found)
                && lines[epoch.Epoch] + '\n' == Text([Fields(epoch.WithSeconds(found))]))
            {
                seconds[epoch.Epoch] = found;
            }
        }
        return seconds;
    }

    private static object[] Fields(EpochMetrics epoch) =>
    [
        epoch.Epoch, Math.Round(epoch.Seconds, 3),
        epoch.TrainElbo, epoch.TrainKl, epoch.TrainMse,
        epoch.Validation.Elbo, epoch.Validation.Kl, epoch.Validation.Mse, epoch.Validation.LogTime,
    ];

    private static string Text(IEnumerable<object[]> rows)
    {
        using var stream = new MemoryStream();
        using (var csv = CsvWriter.Create(stream, CsvFormat.Writing, leaveOpen: true))
        {
            foreach (object[] row in rows)
            {
                foreach (object field in row)
                {
                    csv.WriteField(field);
                }
                csv.EndRecord();
            }
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
