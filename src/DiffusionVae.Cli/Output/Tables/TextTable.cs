namespace DiffusionVae.Cli.Output;

/// <summary>Columns of text, two spaces apart.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = header.Length > 0 ? [header, .. rows] : [.. rows];
        int[] widths =
            [.. Enumerable.Range(0, lines.FirstOrDefault()?.Length ?? 0).Select(column => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
