namespace DiffusionVae.Data;

/// <summary>
/// Reads a folder of images of one size, in the order of their names (by code points): images alone, or a
/// folder for each class, whose name is the label. Either may stand in folders <c>train</c> and <c>test</c>
/// (or <c>val</c>); else the last images are the test images, of each class its last.
/// </summary>
/// <remarks>
/// PNG is read, and what a program registers readers for. If an image has a colour, all are in colour.
/// </remarks>
/// <threadsafety>Register readers before other threads load data.</threadsafety>
public static class ImageFolder
{
    private static readonly string[] TestNames = ["test", "val"];

    /// <summary>Reads the images of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="test">The number of test images, if the folder has no folder <c>test</c>; by default a
    /// tenth, rounded up.</param>
    /// <param name="asGrey">Whether to make colours grey.</param>
    /// <returns>The data set, named like the folder.</returns>
    /// <exception cref="DataFormatException">There are no images, an image is invalid or of another size, or
    /// no image is left to train on.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public static ImageData Load(string folder, long? test = null, bool asGrey = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var scope = torch.NewDisposeScope();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (TestFolder(folder) is not { } testFolder)
        {
            ClassFolders found = ClassFolders.Find(folder);
            Tensor images = ImageFiles.Read(folder, found.Files, asGrey);
            return TestSplit.Create(folder, name, images, test, found.Labels, found.Names, Format(images));
        }
        string trainFolder = Path.Combine(folder, "train");
        (ClassFolders train, ClassFolders tested) = (ClassFolders.Find(trainFolder), ClassFolders.Find(testFolder));
        if (!train.Names.SequenceEqual(tested.Names))
        {
            throw new DataFormatException(
                testFolder, $"expected the classes of {trainFolder}, {Shown(train.Names)}, found {Shown(tested.Names)}");
        }
        // All at once, so that all are in colour if one is.
        Tensor all = ImageFiles.Read(folder, [.. train.Files, .. tested.Files], asGrey);
        return TestSplit.Create(
            folder, name, all, tested.Files.Count, [.. train.Labels ?? [], .. tested.Labels ?? []], train.Names, Format(all));
    }

    /// <summary>Registers the reader of another format, or replaces one: <code>ImageFolder.Register(".jpg",
    /// path => ...);</code></summary>
    /// <param name="extension">The ending of the files' names, with its dot, in any case.</param>
    /// <param name="read">
    /// Reads a file: values from 0 to 1, float32, [height, width] if grey and [3, height, width] if in
    /// colour. It throws a <see cref="DataFormatException"/> if the file is damaged.
    /// </param>
    /// <exception cref="ArgumentException">The ending has no dot at its start.</exception>
    public static void Register(string extension, Func<string, Tensor> read) => ImageFormats.Register(extension, read);

    /// <summary>Whether a folder has images, or would have if there were a reader for them.</summary>
    internal static bool HasImages(string folder) => HasTestImages(folder) || ClassFolders.HasImages(folder);

    /// <summary>Whether a folder has folders of images to train and to test on.</summary>
    internal static bool HasTestImages(string folder) => TestFolder(folder) is not null;

    private static string? TestFolder(string folder) => ClassFolders.HasImages(Path.Combine(folder, "train"))
        ? TestNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(ClassFolders.HasImages)
        : null;

    private static string Format(Tensor images) => Invariant($"{images.shape[0]} files of images");

    private static string Shown(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
