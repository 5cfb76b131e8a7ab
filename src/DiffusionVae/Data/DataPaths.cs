using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>
/// Finds data by path: a folder of IDX files or PNG images, or a .npy file. Where the files do not say which
/// images are test images, <c>PATH:N</c> takes the last N, and <c>PATH</c> the last tenth.
/// </summary>
internal static class DataPaths
{
    /// <summary>The allowed kinds of path, for messages.</summary>
    public const string Usage = "a folder of IDX files or PNG images, a .npy file";

    /// <summary>The function that loads the data; null if there is no such folder or file.</summary>
    /// <exception cref="FormatException">The file is of another kind, or a number is given where the folder
    /// has test images.</exception>
    public static Func<ImageData>? Find(string id)
    {
        (string path, long? test) = Split(id);
        if (Directory.Exists(path))
        {
            bool isIdx = IdxFolder.HasImages(path) || !PngFolder.HasImages(path);
            if (test is not null && (isIdx || PngFolder.HasTestImages(path)))
            {
                throw new FormatException($"data '{id}': the folder '{path}' has its own test images; leave out ':{test}'");
            }
            return isIdx ? () => IdxFolder.Load(path) : () => PngFolder.Load(path, test);
        }
        if (File.Exists(path))
        {
            return path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
                ? () => NpyFile.Load(path, test)
                : throw new FormatException(
                    $"data '{id}' is a file of another kind; expected {Usage}; for an IDX or PNG file, name the folder it is in");
        }
        return null;
    }

    /// <summary>The id with the full path; null if nothing is there.</summary>
    public static string? FullPath(string id)
    {
        (string path, _) = Split(id);
        return Path.Exists(path) ? Path.GetFullPath(path) + id[path.Length..] : null;
    }

    /// <summary>Splits off a colon and a number, unless the whole id is an existing path.</summary>
    private static (string Path, long? Test) Split(string id)
    {
        int colon = id.LastIndexOf(':');
        return !Path.Exists(id) && colon > 0 && TryParse(id.AsSpan(colon + 1), out long test) ? (id[..colon], test) : (id, null);

        static bool TryParse(ReadOnlySpan<char> text, out long number) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
