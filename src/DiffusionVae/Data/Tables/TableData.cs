namespace DiffusionVae.Data;

/// <summary>
/// Reads a table (CSV) as a data set: a row for each observation. Columns of numbers are features, and one
/// column may have labels. A column of file names makes images of the files.
/// </summary>
internal static class TableData
{
    private static readonly string[] FileColumns = ["file", "filename", "file_name", "path", "image"];

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which rows are to test on, and what the columns mean.</param>
    /// <exception cref="DataFormatException">The table may be misread, or has no features.</exception>
    public static ImageData Load(string path, PathOptions options)
    {
        using CsvTable table = CsvTable.Open(path, options.HasHeader);
        TableColumn[] columns = TableColumn.ReadAll(path, table);
        TableColumn? label = LabelColumn.Find(path, columns, options.Label);
        TableColumn[] others = [.. columns.Where(column => column != label)];
        TableColumn? files = others.FirstOrDefault(column => column.IsText && IsOfFiles(path, column));
        TableColumn[] features = [.. others.Where(column => !column.IsText && !column.CountsRows)];
        (long[]? labels, IReadOnlyList<string> names) = label is null ? (null, []) : LabelColumn.Read(path, label);
        using var scope = torch.NewDisposeScope();
        ImageData data = files is null
            ? Vectors(path, table, columns[0].Count, features, labels, names, options)
            : Images(path, files, labels, names, options);
        TableColumn[] used = [.. (files is null ? features : [files]), .. new[] { label }.OfType<TableColumn>()];
        data.Remarks = [.. columns.Except(used).Select(column => $"column {column.Shown} is left out: {Reason(column, files)}.")];
        return data;
    }

    private static ImageData Vectors(
        string path, CsvTable table, int rows, TableColumn[] features, long[]? labels, IReadOnlyList<string> names, PathOptions options)
    {
        if (options.IsGrey)
        {
            throw new DataFormatException(path, "'grey' is for images; this table has no column of file names");
        }
        if (features.Length == 0)
        {
            throw new DataFormatException(path, "expected columns of numbers, or a column 'file' with the names of images, found neither");
        }
        float[] values = new float[(long)rows * features.Length];
        for (int column = 0; column < features.Length; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                values[((long)row * features.Length) + column] = features[column].Numbers[row];
            }
        }
        string header = table.Names is null ? "without" : "with";
        string format = Invariant($"a table of {rows} rows and {table.Width} columns, {header} a header");
        ObservationShape shape = table.Names is null
            ? ObservationShape.Vector(features.Length)
            : ObservationShape.Vector([.. features.Select(feature => feature.Name)]);
        return TestSplit.Create(
            path, NameOf(path), torch.tensor(values, [rows, features.Length]), options.Test, labels, names, format, shape);
    }

    private static ImageData Images(string path, TableColumn files, long[]? labels, IReadOnlyList<string> names, PathOptions options)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] paths = [.. files.Texts.Select(file => Path.Combine(folder, file))];
        if (Array.Find(paths, file => !File.Exists(file)) is { } missing)
        {
            throw new DataFormatException(path, $"column {files.Shown} names '{missing}', which does not exist");
        }
        Tensor images = ImageFiles.Read(path, paths, options.IsGrey);
        string format = Invariant($"a table of {paths.Length} files of images");
        return TestSplit.Create(path, NameOf(path), images, options.Test, labels, names, format);
    }

    private static bool IsOfFiles(string path, TableColumn column) =>
        FileColumns.Contains(column.Name.ToLowerInvariant())
        || ImageFormats.IsReadable(column.Texts[0]) || ImageFormats.IsUnreadable(column.Texts[0])
        || (Path.HasExtension(column.Texts[0])
            && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, column.Texts[0])));

    private static string Reason(TableColumn column, TableColumn? files) => column switch
    {
        { IsText: true, Texts: var texts } => texts.Distinct().Count() == texts.Count
            ? "its texts are names, no two alike"
            : "it has texts, and another column has the labels",
        { CountsRows: true } => "it counts the rows",
        _ => files is null ? "it has the labels of another kind" : "the observations are images",
    };

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
