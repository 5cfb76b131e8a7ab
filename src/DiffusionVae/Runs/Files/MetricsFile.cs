using System.Globalization;
using System.Text;
using CsvHelper;
using DiffusionVae.Data;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>The table of a run, <c>metrics.csv</c>: a row for each epoch.</summary>
internal static class MetricsFile
{
    private static readonly CsvWriterOptions Writing = CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };
    private static readonly CsvReaderOptions Reading = CsvReaderOptions.Default with { FormatProvider = CultureInfo.InvariantCulture, TrackLineNumbers = true };

    private static readonly string[] Columns =
        ["epoch", "seconds", "train_elbo", "train_kl", "train_mse", "test_elbo", "test_kl", "test_mse", "log_t_mean"];

    /// <summary>Writes the whole table.</summary>
    public static void Write(string path, IEnumerable<EpochMetrics> history) =>
        AtomicFile.WriteText(path, Text([Columns, .. history.Select(epoch => Fields(MetricsRow.Of(epoch)))]));

    /// <summary>Adds the row of an epoch.</summary>
    public static void Append(string path, EpochMetrics metrics) => File.AppendAllText(path, Text([Fields(MetricsRow.Of(metrics))]));

    /// <summary>Reads all rows.</summary>
    /// <exception cref="DataFormatException">A column or the file is missing, or a field is no number.</exception>
    public static IReadOnlyList<MetricsRow> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new DataFormatException(path, "the file is missing");
        }
        try
        {
            using var csv = CsvReader.FromFile(path, Reading);
            int[] at = [.. Columns.Select(column => csv.TryGetFieldIndex(column, out int index) ? index : throw new DataFormatException(path, $"there is no column '{column}'"))];
            var rows = new List<MetricsRow>();
            while (csv.Read())
            {
                double Number(int column) => at[column] < csv.FieldCount && csv.TryParse(at[column], out double number)
                    ? number
                    : throw new DataFormatException(path, Invariant($"line {csv.LineNumber} has no number in the column '{Columns[column]}'"));
                rows.Add(new MetricsRow((int)Number(0), Number(1), Number(2), Number(3), Number(4), Number(5), Number(6), Number(7), Number(8)));
            }
            return rows;
        }
        catch (CsvFormatException fault)
        {
            throw new DataFormatException(path, fault.Message, fault);
        }
    }

    /// <summary>The wall times in a table that is perhaps damaged, for those of some epochs whose rows are there and as they should be.</summary>
    public static IReadOnlyDictionary<int, double> Seconds(string path, IEnumerable<EpochMetrics> history)
    {
        string[] lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        Dictionary<int, double> seconds = [];
        foreach (EpochMetrics epoch in history)
        {
            // The text after the last line feed is a row cut short, or nothing.
            if (epoch.Epoch < lines.Length - 1
                && double.TryParse(lines[epoch.Epoch].Split(',').ElementAtOrDefault(1), NumberStyles.Float, CultureInfo.InvariantCulture, out double found)
                && lines[epoch.Epoch] + '\n' == Text([Fields(MetricsRow.Of(epoch with { Seconds = found }))]))
            {
                seconds[epoch.Epoch] = found;
            }
        }
        return seconds;
    }

    private static object[] Fields(MetricsRow row) =>
        [row.Epoch, Math.Round(row.Seconds, 3), row.TrainElbo, row.TrainKl, row.TrainMse, row.TestElbo, row.TestKl, row.TestMse, row.LogTime];

    private static string Text(IEnumerable<object[]> rows)
    {
        using var stream = new MemoryStream();
        using (var csv = CsvWriter.Create(stream, Writing, leaveOpen: true))
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
