namespace DiffusionVae.Data;

/// <summary>
/// Finds data by path: a folder of IDX files or images, a table, or a .npy file. Where the files do not say
/// which observations are to test on, <c>PATH:N</c> takes the last N, and <c>PATH</c> the last tenth.
/// </summary>
internal static class DataPaths
{
    /// <summary>The allowed kinds of path, for messages.</summary>
    public const string Usage = "a folder of IDX files or images, a table (.csv), a .npy file";

    /// <summary>The function that loads the data; null if there is no such folder or file.</summary>
    /// <exception cref="FormatException">The file is of another kind, or an option does not suit
    /// it.</exception>
    public static Func<ImageData>? Find(string id)
    {
        if (PathOptions.Split(id) is not var (path, options))
        {
            return null;
        }
        if (Directory.Exists(path))
        {
            return FindFolder(id, path, options);
        }
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".npy":
                Refuse(id, options.AreForTables || options.IsGrey, "a .npy file", "N or test=N, labels=FILE");
                return () => NpyFile.Load(path, options.Test, options.Labels);
            case ".csv" or ".tsv" or ".txt":
                Refuse(id, options.Labels is not null, "a table", "N or test=N, label=COLUMN, header=yes, header=no, grey");
                return () => TableData.Load(path, options);
            default:
                throw new FormatException(
                    $"data '{id}' is a file of another kind; expected {Usage}; for an IDX file or an image, name the folder it is in");
        }
    }

    /// <summary>The id with the full path; null if nothing is there.</summary>
    public static string? FullPath(string id) =>
        PathOptions.Split(id) is var (path, _) ? Path.GetFullPath(path) + id[path.Length..] : null;

    private static Func<ImageData> FindFolder(string id, string path, PathOptions options)
    {
        Refuse(id, options.AreForTables || options.Labels is not null, "a folder", "N or test=N, grey");
        bool isIdx = IdxFolder.HasImages(path) || !ImageFolder.HasImages(path);
        if (options.Test is { } test && (isIdx || ImageFolder.HasTestImages(path)))
        {
            throw new FormatException(Invariant($"data '{id}': the folder '{path}' has its own test images; leave out ':{test}'"));
        }
        return isIdx ? () => IdxFolder.Load(path) : () => ImageFolder.Load(path, options.Test, options.IsGrey);
    }

    private static void Refuse(string id, bool hasOthers, string kind, string allowed)
    {
        if (hasOthers)
        {
            throw new FormatException($"data '{id}': {kind} takes {allowed} alone");
        }
    }
}
