using System.Text.RegularExpressions;
using DiffusionVae.Data;
using static System.FormattableString;

namespace DiffusionVae.Cli.Output;

/// <summary>A table of points (.csv), as <c>dvae encode</c> writes them: the columns <c>z1, ..., zn</c>, or n
/// columns of other names or without names.</summary>
internal static partial class PointsFile
{
    /// <summary>The points, one after another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="coordinates">n.</param>
    /// <exception cref="DataFormatException">There are no such columns, or a field is no number.</exception>
    public static IEnumerable<float[]> Read(string path, int coordinates)
    {
        using CsvTable table = CsvTable.Open(path);
        int[] at = Columns(table, path, coordinates);
        bool isEmpty = true;
        for (; table.Read(); isEmpty = false)
        {
            yield return [.. at.Select(column => (float)table.Number(column) is var number && float.IsFinite(number)
                ? number
                : throw table.NoNumber(column))];
        }
        if (isEmpty)
        {
            throw new DataFormatException(path, "expected a row for each point, found no row");
        }
    }

    private static int[] Columns(CsvTable table, string path, int coordinates)
    {
        int[] named = [.. Enumerable.Range(1, coordinates).Select(i => table.IndexOf(Invariant($"z{i}")))];
        int coordinatesNamed = table.Names?.Count(name => Coordinate().IsMatch(name)) ?? 0;
        if (coordinatesNamed == coordinates && !named.Contains(-1))
        {
            return named;
        }
        if (coordinatesNamed == 0 && table.Width == coordinates)
        {
            return [.. Enumerable.Range(0, coordinates)];
        }
        string found = table.Names is { } names ? CsvTable.Shown(string.Join(", ", names)) : Invariant($"{table.Width} without names");
        throw new DataFormatException(path, Invariant(
            $"expected the columns z1 to z{coordinates}, as this run's latent space has them, or {coordinates} columns of other names; ")
            + $"found {found}");
    }

    [GeneratedRegex("^z[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Coordinate();
}
