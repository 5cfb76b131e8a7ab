using CsvHelper;

namespace DiffusionVae.Data;

/// <summary>
/// Reads a table of text (CSV) row by row. Columns are separated by commas, semicolons, tabs or bars, which
/// the file tells. Nothing is guessed or skipped in silence: every row has as many fields as the first line,
/// numbers are plain numbers, and a first line that may be names or numbers is refused.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private readonly string path;
    private readonly CsvReader csv;

    private CsvTable(string path, CsvReader csv, IReadOnlyList<string>? names, int width) =>
        (this.path, this.csv, Names, Width) = (path, csv, names, width);

    /// <summary>The names of the columns, each once; null if the table has no header.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>The line at which the row begins, from 1.</summary>
    public long Line => csv.LineNumber;

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasHeader">Whether the first line has the names of the columns; null to tell by the
    /// fields.</param>
    /// <exception cref="DataFormatException">The file is missing or empty, or its first line is
    /// ambiguous.</exception>
    public static CsvTable Open(string path, bool? hasHeader = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<string[]> start = CsvHeader.ReadStart(path);
        bool named = hasHeader ?? CsvHeader.IsPresent(path, start);
        IReadOnlyList<string>? names = named ? CsvHeader.Names(path, start[0]) : null;
        CsvReader csv = CsvReader.Create(DataFiles.Open(path), CsvFormat.Reading, leaveOpen: false);
        var table = new CsvTable(path, csv, names, start[0].Length);
        if (named)
        {
            table.Read();
        }
        return table;
    }

    /// <summary>The place of a column; -1 if there is none of this name.</summary>
    public int IndexOf(string name) => Names is null ? -1 : Names.ToList().IndexOf(name);

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="DataFormatException">Its quotes do not pair, or it has another number of
    /// fields.</exception>
    public bool Read()
    {
        try
        {
            if (!csv.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException fault)
        {
            throw new DataFormatException(path, fault.Message, fault);
        }
        if (csv.FieldCount == Width)
        {
            return true;
        }
        string hint = csv.FieldCount > Width
            ? $". Separators within a field need quotes around it; the separator here is {Separator()}"
            : "";
        throw new DataFormatException(path, Invariant(
            $"line {Line} has {csv.FieldCount} fields, the first line {Width}; every row needs a field for each column") + hint);
    }

    /// <summary>A field of the row as text.</summary>
    /// <exception cref="DataFormatException">It is not in UTF-8.</exception>
    public string Text(int column)
    {
        string text = csv.GetString(column);
        return text.Contains('\uFFFD') ? throw NotUtf8(path, Line) : text;
    }

    /// <summary>A field of the row as a finite number.</summary>
    /// <exception cref="DataFormatException">It is none.</exception>
    public double Number(int column) =>
        TryNumber(column, out double number) && double.IsFinite(number) ? number : throw NoNumber(column);

    /// <summary>A field of the row as a number, which may be NaN or infinite.</summary>
    public bool TryNumber(int column, out double number) => PlainNumber.TryParse(csv.GetSpan(column), out number);

    /// <summary>The error of a field that is no number.</summary>
    public DataFormatException NoNumber(int column)
    {
        string text = Text(column);
        string name = Names is null ? "" : $" ('{Shown(Names[column])}')";
        return new DataFormatException(path, Invariant(
            $"line {Line}, column {column + 1}{name}: expected a number, found '{Shown(text)}'; {PlainNumber.Advice(text)}"));
    }

    /// <inheritdoc/>
    public void Dispose() => csv.Dispose();

    /// <summary>The start of a text from a file, without control characters, for a message.</summary>
    internal static string Shown(string text)
    {
        const int most = 40;
        string plain = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return plain.Length <= most ? plain : plain[..most] + "...";
    }

    internal static DataFormatException NotUtf8(string path, long line) =>
        new(path, Invariant($"line {line} is not in UTF-8; save the table as 'CSV UTF-8'"));

    private string Separator() => csv.Separator switch { '\t' => "a tab", char other => $"'{other}'" };
}
