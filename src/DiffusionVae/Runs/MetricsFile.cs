using System.Globalization;
using CsvHelper;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>The table of a run, <c>metrics.csv</c>: a row for each epoch.</summary>
internal static class MetricsFile
{
    private static readonly CsvWriterOptions Writing = CsvWriterOptions.Default with { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };
    private static readonly CsvReaderOptions Reading = CsvReaderOptions.Default with { FormatProvider = CultureInfo.InvariantCulture, TrackLineNumbers = true };

    private static readonly string[] Columns =
        ["epoch", "seconds", "train_elbo", "train_kl", "train_mse", "test_elbo", "test_kl", "test_mse", "log_t_mean"];

    /// <summary>Writes the header of a new table.</summary>
    public static void Create(string path) => Append(path, FileMode.CreateNew, Columns);

    /// <summary>Adds the row of an epoch.</summary>
    public static void Append(string path, MetricsRow row) => Append(
        path, FileMode.Append, row.Epoch, row.Seconds, row.TrainElbo, row.TrainKl, row.TrainMse, row.TestElbo, row.TestKl, row.TestMse, row.LogTime);

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

    private static void Append(string path, FileMode mode, params object[] row)
    {
        using var stream = new FileStream(path, mode, FileAccess.Write, FileShare.Read);
        using var csv = CsvWriter.Create(stream, Writing, leaveOpen: false);
        foreach (object field in row)
        {
            csv.WriteField(field);
        }
        csv.EndRecord();
    }
}
