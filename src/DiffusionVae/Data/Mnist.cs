using System.Security.Cryptography;

namespace DiffusionVae.Data;

/// <summary>
/// The MNIST database of handwritten digits (Yann LeCun, Corinna Cortes, Christopher J. C. Burges): 60,000
/// training images and 10,000 test images of 28 by 28 pixels, with labels 0 to 9.
/// </summary>
public static class Mnist
{
    /// <summary>
    /// SHA-256 of the four published files, in lower-case hexadecimal. It is that of the decompressed
    /// content, because gzip can pack the same content in several ways, and the copies on the internet differ
    /// in this.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Sha256 { get; } = new Dictionary<string, string>
    {
        [IdxFolder.TrainImages] = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        [IdxFolder.TrainLabels] = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        [IdxFolder.TestImages] = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        [IdxFolder.TestLabels] = "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    };

    /// <summary>
    /// Searches for the folder that holds MNIST: <c>data/mnist</c> in the working directory or one of its
    /// parents, then beside the program or in a parent of its folder, then <c>dvae/mnist</c> in the user's
    /// cache ($XDG_CACHE_HOME or ~/.cache; on Windows the local application data).
    /// </summary>
    /// <returns>The first of these folders that has the training images; null if none has.</returns>
    public static string? Find() => Find(Places());

    /// <summary>Reads MNIST from the folder that <see cref="Find()"/> finds.</summary>
    /// <returns>The data set, with pixels in [0, 1], and with labels if their files exist.</returns>
    /// <exception cref="DataFormatException">
    /// MNIST is in none of these folders, or one of its files is missing or damaged. The message lists the
    /// folders.
    /// </exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static ImageData Load() => Load(Places());

    /// <summary>Compares the four files of a folder with the published ones.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The faults, one for each file that is missing, damaged, or different from the published one;
    /// empty if there is none.</returns>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static IReadOnlyList<string> Verify(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        List<string> problems = [];
        foreach ((string name, string expected) in Sha256)
        {
            if (IdxFolder.Find(folder, name) is not { } path)
            {
                problems.Add($"{Path.Combine(folder, name)}: missing, and so is {name}.gz");
                continue;
            }
            try
            {
                string found = HashContent(path);
                if (found != expected)
                {
                    problems.Add($"{path}: differs from the published file: expected content with SHA-256 {expected}, found {found}");
                }
            }
            catch (DataFormatException e)
            {
                problems.Add(e.Message);
            }
        }
        return problems;
    }

    internal static string? Find(IEnumerable<string> places) =>
        places.FirstOrDefault(place => IdxFolder.Find(place, IdxFolder.TrainImages) is not null);

    internal static ImageData Load(IReadOnlyList<string> places)
    {
        string folder = Find(places) ?? throw new DataFormatException(
            IdxFolder.TrainImages + ".gz",
            $"MNIST is in none of the places looked at: {string.Join(", ", places)}; put its four files into one of them");
        ImageData data = IdxFolder.Load(folder, "mnist");
        return new ImageData(data.Name, data.Train, data.Test) { Likelihood = "gaussian", Remarks = data.Remarks };
    }

    /// <summary>The folders to search, in this order, without repetitions.</summary>
    internal static string[] Places(string workingDirectory, string programDirectory, string cache)
    {
        IEnumerable<string> roots = Ancestors(workingDirectory).Concat(Ancestors(programDirectory));
        return [.. roots.Select(root => Path.Combine(root, "data", "mnist")).Append(Path.Combine(cache, "dvae", "mnist")).Distinct()];
    }

    /// <summary>
    /// The user's cache. A relative XDG_CACHE_HOME is ignored, as its specification demands.
    /// </summary>
    internal static string Cache(string? xdgCacheHome)
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }
        return Path.IsPathFullyQualified(xdgCacheHome ?? "")
            ? xdgCacheHome!
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }

    private static string[] Places() => Places(
        Environment.CurrentDirectory, AppContext.BaseDirectory, Cache(Environment.GetEnvironmentVariable("XDG_CACHE_HOME")));

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? place = new(Path.TrimEndingDirectorySeparator(folder)); place is not null; place = place.Parent)
        {
            yield return place.FullName;
        }
    }

    private static string HashContent(string path)
    {
        using ContentReader reader = ContentReader.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        int read;
        do
        {
            read = reader.Read(buffer);
            hash.AppendData(buffer, 0, read);
        }
        while (read == buffer.Length);
        reader.CheckEnd();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
