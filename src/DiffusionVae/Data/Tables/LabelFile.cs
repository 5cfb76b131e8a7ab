namespace DiffusionVae.Data;

/// <summary>
/// Reads a file that has nothing but labels: an array of integers, or a table of one column.
/// </summary>
internal static class LabelFile
{
    /// <summary>Reads the labels of observations.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">The number of observations.</param>
    /// <exception cref="DataFormatException">The file has something else, or another number of
    /// labels.</exception>
    public static (long[] Labels, IReadOnlyList<string> Names) Read(string path, long count)
    {
        (long[] labels, IReadOnlyList<string> names) = Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase)
            ? (FromArray(path), [])
            : FromTable(path);
        return labels.Length == count
            ? (labels, names)
            : throw new DataFormatException(path, Invariant($"expected {count} labels, one for each observation, found {labels.Length}"));
    }

    private static long[] FromArray(string path)
    {
        using var scope = torch.NewDisposeScope();
        Tensor array = NpyFile.Read(path);
        return array.dim() == 1 && !array.is_floating_point()
            ? array.to(ScalarType.Int64).data<long>().ToArray()
            : throw new DataFormatException(
                path, $"expected one integer for each observation, found {array.dtype} of shape ({string.Join(", ", array.shape)})");
    }

    private static (long[] Labels, IReadOnlyList<string> Names) FromTable(string path)
    {
        using CsvTable table = CsvTable.Open(path);
        return TableColumn.ReadAll(path, table) is [var only]
            ? LabelColumn.Read(path, only)
            : throw new DataFormatException(path, Invariant($"expected a table of one column, found {table.Width}"));
    }
}
