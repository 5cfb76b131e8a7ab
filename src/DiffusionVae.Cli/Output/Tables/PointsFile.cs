using CsvHelper;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Output;

/// <summary>A table of points (.csv), as <c>dvae encode</c> writes them: the columns <c>z1, ..., zn</c>, or n
/// columns of any name.</summary>
internal static class PointsFile
{
    /// <summary>The points, one after another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="coordinates">n.</param>
    /// <exception cref="DataFormatException">There are no such columns, or a field is no number.</exception>
    public static IEnumerable<float[]> Read(string path, int coordinates)
    {
        using var csv = CsvReader.FromFile(path, CsvFormat.Reading);
        int[] at = Columns(csv, path, coordinates);
        while (Next(csv, path))
        {
            yield return [.. at.Select(column => column < csv.FieldCount && csv.TryParse(column, out float number) && float.IsFinite(number)
                ? number
                : throw new DataFormatException(
                    path, FormattableString.Invariant($"line {csv.LineNumber} has no number in column {column + 1}")))];
        }
    }

    private static int[] Columns(CsvReader csv, string path, int coordinates)
    {
        int[] named = [.. Enumerable.Range(1, coordinates)
            .Select(i => csv.TryGetFieldIndex(FormattableString.Invariant($"z{i}"), out int index) ? index : -1)];
        return !named.Contains(-1) ? named
            : csv.Headers.Count == coordinates ? [.. Enumerable.Range(0, coordinates)]
            : throw new DataFormatException(
                path,
                FormattableString.Invariant($"expected the columns z1 to z{coordinates}, or {coordinates} columns of any name; ")
                + $"found {string.Join(", ", csv.Headers)}");
    }

    private static bool Next(CsvReader csv, string path)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException fault)
        {
            throw new DataFormatException(path, fault.Message, fault);
        }
    }
}
