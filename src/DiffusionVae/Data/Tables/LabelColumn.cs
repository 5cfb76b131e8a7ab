using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>Finds the column of a table that has the labels, and reads it.</summary>
internal static class LabelColumn
{
    /// <summary>The largest whole number that single precision holds with all smaller ones.</summary>
    private const float LargestWhole = 1 << 24;

    /// <summary>
    /// The column that the user named; else the one that is called label; else the only one of texts that
    /// come again.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">All columns.</param>
    /// <param name="chosen">A name, or a number from 1; <c>none</c> for no labels; null if nothing was
    /// chosen.</param>
    /// <exception cref="DataFormatException">There is no such column, or there are several.</exception>
    public static TableColumn? Find(string path, TableColumn[] columns, string? chosen)
    {
        if (chosen is not null)
        {
            return Named(columns, chosen) ?? (chosen == "none" ? null : throw new DataFormatException(
                path, $"there is no column '{chosen}'.{Suggestion.DidYouMean(chosen, columns.Select(column => column.Name))} "
                + $"There are {CsvTable.Shown(string.Join(", ", columns.Select(column => column.Name)))}"));
        }
        if (columns.FirstOrDefault(column => column.Name.Equals("label", StringComparison.OrdinalIgnoreCase)) is { } label)
        {
            return label;
        }
        return columns.Where(column => column.IsText && Repeats(column)).ToArray() switch
        {
            [] => null,
            [var only] => only,
            [var one, var two, ..] => throw new DataFormatException(
                path, $"columns {one.Shown} and {two.Shown} may have the labels; say which (label={one.Name}), or label=none"),
        };
    }

    /// <summary>
    /// The labels: whole numbers as they are, or texts numbered in their order by code points.
    /// </summary>
    /// <exception cref="DataFormatException">A number is not whole.</exception>
    public static (long[] Labels, IReadOnlyList<string> Names) Read(string path, TableColumn column)
    {
        if (column.IsText)
        {
            string[] names = [.. column.Texts.Distinct().Order(StringComparer.Ordinal)];
            return ([.. column.Texts.Select(text => (long)Array.BinarySearch(names, text, StringComparer.Ordinal))], names);
        }
        foreach (float number in column.Numbers)
        {
            if (number != MathF.Round(number) || MathF.Abs(number) > LargestWhole)
            {
                throw new DataFormatException(
                    path, Invariant($"column {column.Shown}: expected whole numbers or texts as labels, found {number}"));
            }
        }
        return ([.. column.Numbers.Select(number => (long)number)], []);
    }

    private static TableColumn? Named(TableColumn[] columns, string chosen) =>
        Array.Find(columns, column => column.Name == chosen)
        ?? (int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? columns.ElementAtOrDefault(number - 1)
            : null);

    private static bool Repeats(TableColumn column) => column.Texts.Distinct().Count() is > 1 and var kinds && kinds < column.Count;
}
