namespace DiffusionVae.Data;

/// <summary>A column of a table: numbers, or texts.</summary>
internal sealed class TableColumn
{
    private readonly List<float> numbers = [];
    private readonly List<string> texts = [];

    private TableColumn(string name, int index, bool isText) => (Name, Index, IsText) = (name, index, isText);

    /// <summary>The name; its number from 1 if the table has no header.</summary>
    public string Name { get; }

    /// <summary>Its place, from 0.</summary>
    public int Index { get; }

    /// <summary>Whether it has texts; else all fields are finite numbers.</summary>
    public bool IsText { get; }

    /// <summary>The fields, if they are numbers.</summary>
    public IReadOnlyList<float> Numbers => numbers;

    /// <summary>The fields, if they are texts.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>The number of rows.</summary>
    public int Count => IsText ? texts.Count : numbers.Count;

    /// <summary>Its place and name, for messages.</summary>
    public string Shown => Invariant($"{Index + 1} ('{CsvTable.Shown(Name)}')");

    /// <summary>Whether it is the index that pandas writes: without a name, 0, 1, 2, ...</summary>
    public bool CountsRows => Name is "" or "Unnamed: 0" && !IsText && numbers.Select((number, i) => number == i).All(counts => counts);

    /// <summary>
    /// Reads all rows. A column has texts if its first field is no number; then none may be.
    /// </summary>
    /// <exception cref="DataFormatException">There is no row, or a column has numbers and texts.</exception>
    public static TableColumn[] ReadAll(string path, CsvTable table)
    {
        TableColumn[] columns = [];
        while (table.Read())
        {
            if (columns.Length == 0)
            {
                columns = [.. Enumerable.Range(0, table.Width).Select(column => new TableColumn(
                    table.Names?[column] ?? Invariant($"{column + 1}"), column, !table.TryNumber(column, out _)))];
            }
            foreach (TableColumn column in columns)
            {
                column.Add(path, table);
            }
        }
        return columns.Length > 0 ? columns : throw new DataFormatException(path, "expected a row for each observation, found no row");
    }

    private void Add(string path, CsvTable table)
    {
        if (!IsText)
        {
            float number = (float)table.Number(Index);
            numbers.Add(float.IsFinite(number) ? number : throw table.NoNumber(Index));
            return;
        }
        string text = table.Text(Index).Trim();
        if (text.Length == 0 || table.TryNumber(Index, out _))
        {
            string found = text.Length == 0 ? "an empty field" : $"'{CsvTable.Shown(text)}'";
            string before = texts.Count == 0 ? "" : $", and texts before, such as '{CsvTable.Shown(texts[0])}'";
            throw new DataFormatException(path, Invariant(
                $"line {table.Line}, column {Shown}: expected numbers in all rows or texts in all rows, found {found}{before}"));
        }
        texts.Add(text);
    }
}
