namespace DiffusionVae.Data;

/// <summary>The images of a folder, or of its folders, each of which is a class.</summary>
/// <param name="Files">The images.</param>
/// <param name="Labels">The class of each; null if there are no classes.</param>
/// <param name="Names">The names of the classes, in their order by code points.</param>
internal sealed record ClassFolders(IReadOnlyList<string> Files, long[]? Labels, IReadOnlyList<string> Names)
{
    /// <summary>Finds the images of a folder. Those of classes are mixed evenly, so that the last tenth of
    /// all has a tenth of each class.</summary> <exception cref="DataFormatException">There are none, or some
    /// of a format that nothing reads.</exception>
    public static ClassFolders Find(string folder)
    {
        if (Images(folder) is { Length: > 0 } alone)
        {
            return new ClassFolders(alone, null, []);
        }
        (string Name, string[] Files)[] classes =
        [
            .. from path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
               let files = Images(path, SearchOption.AllDirectories)
               where files.Length > 0
               select (Path.GetFileName(path), files),
        ];
        if (classes.Length == 0)
        {
            throw new DataFormatException(folder, "expected images in this folder, or in a folder for each class, found none");
        }
        var mixed = classes
            .SelectMany((entry, label) => entry.Files.Select(
                (file, i) => (File: file, Label: (long)label, Share: (i + 0.5) / entry.Files.Length)))
            .OrderBy(image => image.Share).ThenBy(image => image.Label).ToArray();
        return new ClassFolders(
            [.. mixed.Select(image => image.File)], [.. mixed.Select(image => image.Label)], [.. classes.Select(entry => entry.Name)]);
    }

    /// <summary>Whether a folder has images, or folders with images.</summary>
    public static bool HasImages(string folder) => Directory.Exists(folder)
        && (HasOwn(folder) || Directory.EnumerateDirectories(folder).Any(HasOwn));

    private static bool HasOwn(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => ImageFormats.IsReadable(file) || ImageFormats.IsUnreadable(file));

    private static string[] Images(string folder, SearchOption depth = SearchOption.TopDirectoryOnly)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", depth).Order(StringComparer.Ordinal)];
        return files.FirstOrDefault(ImageFormats.IsUnreadable) is { } other
            ? throw ImageFormats.Unreadable(other)
            : [.. files.Where(ImageFormats.IsReadable)];
    }
}
