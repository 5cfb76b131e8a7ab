using System.Text.RegularExpressions;

namespace DiffusionVae.Data;

/// <summary>
/// Reads a folder of four IDX files with the names of the MNIST database: <c>train-images-idx3-ubyte</c>,
/// <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>. A name may
/// end in <c>.gz</c>, and may have a dot before <c>idx</c> instead of the hyphen. It may also begin with the
/// name of the data, say <c>test</c> for <c>t10k</c>, and end in <c>idx2-int</c> for labels in rows:
/// <c>qmnist-test-labels-idx2-int.gz</c>.
/// </summary>
public static partial class IdxFolder
{
    internal const string TrainImages = "train-images-idx3-ubyte";
    internal const string TrainLabels = "train-labels-idx1-ubyte";
    internal const string TestImages = "t10k-images-idx3-ubyte";
    internal const string TestLabels = "t10k-labels-idx1-ubyte";

    private const int NamesShown = 20;

    /// <summary>Reads the images of a folder, and their labels if there are any.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name of the data set; by default the name of the folder.</param>
    /// <returns>The training and test images, all of one size.</returns>
    /// <exception cref="DataFormatException">The folder or a file of images is missing, a file is invalid, or
    /// image sizes differ.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    public static ImageData Load(string folder, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DataFormatException(folder, File.Exists(folder) ? "expected a folder, found a file" : "the folder does not exist");
        }
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string trainImages = Locate(folder, TrainImages) ?? throw Missing(folder, "images to train on", TrainImages);
        string testImages = Locate(folder, TestImages) ?? throw Missing(folder, "images to test on", TestImages);
        ImageSet train = IdxFile.ReadSet($"{name} train", trainImages, Locate(folder, TrainLabels));
        ImageSet? test = null;
        try
        {
            test = IdxFile.ReadSet($"{name} test", testImages, Locate(folder, TestLabels));
            if (!test.Shape.Equals(train.Shape))
            {
                throw new DataFormatException(testImages, $"expected images of {train.Shape}, as in {trainImages}, found {test.Shape}");
            }
            return new ImageData(name, train, test);
        }
        catch
        {
            train.Dispose();
            test?.Dispose();
            throw;
        }
    }

    /// <summary>The file of a folder that has one of the forms of a name; null if there is none.</summary>
    internal static string? Find(string folder, string name) =>
        Names(name).Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(File.Exists);

    /// <summary>Whether a folder has a file of images to train on, under whatever name.</summary>
    internal static bool HasImages(string folder) => Others(folder, TrainImages).Length > 0 || Find(folder, TrainImages) is not null;

    /// <summary>The file of a folder that has one of the forms of a name, or else such a form behind the name
    /// of the data; null if there is none.</summary>
    /// <exception cref="DataFormatException">There are several.</exception>
    private static string? Locate(string folder, string name) => Find(folder, name) ?? Others(folder, name) switch
    {
        [] => null,
        [var only] => only,
        [var one, var two, ..] => throw new DataFormatException(
            folder, $"expected one file as {name}, found {Path.GetFileName(one)} and {Path.GetFileName(two)}; keep one of them here"),
    };

    private static string[] Others(string folder, string name)
    {
        (bool isTrain, bool areImages) = (name is TrainImages or TrainLabels, name is TrainImages or TestImages);
        return
        [
            .. from file in Directory.EnumerateFiles(folder)
               let match = OtherName().Match(Path.GetFileName(file))
               where match.Success
                   && (match.Groups[1].Value == "train") == isTrain
                   && match.Groups[2].Value.StartsWith("images", StringComparison.Ordinal) == areImages
               orderby file
               select file,
        ];
    }

    [GeneratedRegex(@"^[^.].*-(train|t10k|test)-(images-idx3-ubyte|labels-idx1-ubyte|labels-idx2-int)(\.gz)?$")]
    private static partial Regex OtherName();

    private static string[] Names(string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return [name, name + ".gz", dotted, dotted + ".gz"];
    }

    private static DataFormatException Missing(string folder, string what, string name)
    {
        if (Names(name).Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(Directory.Exists) is { } twin)
        {
            return new DataFormatException(twin, $"expected a file of {what}, found a folder of this name");
        }
        IEnumerable<string> entries = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry));
        string[] present = [.. entries.Order(StringComparer.Ordinal)];
        string more = present.Length > NamesShown ? Invariant($" and {present.Length - NamesShown} more") : "";
        string found = present.Length == 0 ? "nothing: it is empty" : string.Join(", ", present.Take(NamesShown)) + more;
        return new DataFormatException(
            folder, $"no {what}: expected one of {string.Join(", ", Names(name))} in this folder, found {found}");
    }
}
