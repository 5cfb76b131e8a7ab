using System.Globalization;

namespace DiffusionVae.Data;

/// <summary>
/// Data that a path names: a folder of IDX files or PNG images, or a .npy file. Where these do not say themselves which images are to test on,
/// <c>PATH:N</c> makes it the last N, and <c>PATH</c> the last tenth.
/// </summary>
internal static class DataPaths
{
    /// <summary>What such a path is, for messages.</summary>
    public const string Usage = "a folder of IDX files or PNG images, a .npy file";

    /// <summary>What loads the data; null if there is no such folder or file.</summary>
    /// <exception cref="FormatException">There is, but it is not such data, or the number does not suit it.</exception>
    public static Func<ImageData>? Find(string id)
    {
        (string path, long? test) = Divide(id);
        if (Directory.Exists(path))
        {
            bool saysItself = IdxFolder.Find(path, IdxFolder.TrainImages) is not null || !PngFolder.IsOne(path);
            if (test is not null && (saysItself || PngFolder.HasTestImages(path)))
            {
                throw new FormatException($"data '{id}': the folder '{path}' has test images of its own; leave ':{test}' out");
            }

            return saysItself ? () => IdxFolder.Load(path) : () => PngFolder.Load(path, test);
        }

        if (File.Exists(path))
        {
            return path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
                ? () => NpyFile.Load(path, test)
                : throw new FormatException($"data '{id}' is a file of another kind; expected {Usage}; for an IDX or PNG file, the folder it is in");
        }

        return null;
    }

    /// <summary>A path as it stands, if there is one; otherwise one before a colon and a number.</summary>
    private static (string Path, long? Test) Divide(string id)
    {
        int colon = id.LastIndexOf(':');
        return !Path.Exists(id) && colon > 0 && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long test)
            ? (id[..colon], test)
            : (id, null);
    }
}
