namespace DiffusionVae.Data;

/// <summary>
/// Reads a folder of PNG images of one size, in the order of their names (by code points). The folder
/// contains either the folders <c>train</c> and <c>test</c>, or images alone; then the last images are the
/// test images.
/// </summary>
public static class PngFolder
{
    private const string TrainName = "train";
    private const string TestName = "test";

    /// <summary>Reads the images of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="test">The number of test images, if the folder has no folder <c>test</c>; by default a
    /// tenth, rounded up.</param>
    /// <returns>The data set, named like the folder.</returns>
    /// <exception cref="DataFormatException">There are no images, an image is invalid or of another size, or
    /// no image is left to train on.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public static ImageData Load(string folder, long? test = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var scope = torch.NewDisposeScope();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!HasTestImages(folder))
        {
            return TestSplit.Create(folder, name, ReadAll(folder), test);
        }
        (string trainFolder, string testFolder) = (Path.Combine(folder, TrainName), Path.Combine(folder, TestName));
        (Tensor trainImages, Tensor testImages) = (ReadAll(trainFolder), ReadAll(testFolder));
        return trainImages[0].shape.SequenceEqual(testImages[0].shape)
            ? new ImageData(name, new ImageSet($"{name} train", trainImages), new ImageSet($"{name} test", testImages))
            : throw new DataFormatException(
                testFolder, $"expected images of {Size(trainImages[0])} pixels, as in {trainFolder}, found {Size(testImages[0])}");
    }

    /// <summary>
    /// Whether a folder contains PNG images, or the folders <c>train</c> and <c>test</c> with PNG images.
    /// </summary>
    internal static bool HasImages(string folder) => HasTestImages(folder) || Files(folder).Length > 0;

    /// <summary>Whether a folder contains the folders <c>train</c> and <c>test</c> with PNG images.</summary>
    internal static bool HasTestImages(string folder) =>
        new[] { TrainName, TestName }.All(part => Files(Path.Combine(folder, part)).Length > 0);

    private static string[] Files(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Where(IsPng).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>
    /// Hidden files are left out: macOS puts one, ._a.png, beside a file a.png on other disks.
    /// </summary>
    private static bool IsPng(string file) =>
        file.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(file).StartsWith('.');

    /// <summary>[count, height, width].</summary>
    private static Tensor ReadAll(string folder)
    {
        List<Tensor> images = [];
        foreach (string file in Files(folder))
        {
            Tensor image = PngFile.Read(file);
            images.Add(image);
            if (!image.shape.SequenceEqual(images[0].shape))
            {
                throw new DataFormatException(
                    file, $"expected an image of {Size(images[0])} pixels, as the first of the folder, found {Size(image)}");
            }
        }
        return images.Count > 0
            ? torch.stack(images)
            : throw new DataFormatException(folder, "expected PNG images in this folder, found none");
    }

    private static string Size(Tensor image) => Invariant($"{image.shape[0]} by {image.shape[1]}");
}
