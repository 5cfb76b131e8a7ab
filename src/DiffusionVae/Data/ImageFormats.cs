namespace DiffusionVae.Data;

/// <summary>The formats of image files, by the ending of their names.</summary>
internal static class ImageFormats
{
    /// <summary>Endings of images that nothing here reads unless a reader is registered.</summary>
    private static readonly string[] Known = [".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"];

    private static readonly Dictionary<string, Func<string, Tensor>> Readers =
        new(StringComparer.OrdinalIgnoreCase) { [".png"] = PngFile.ReadColour };

    /// <inheritdoc cref="ImageFolder.Register"/>
    public static void Register(string extension, Func<string, Tensor> read)
    {
        ArgumentNullException.ThrowIfNull(extension);
        ArgumentNullException.ThrowIfNull(read);
        if (extension.Length < 2 || extension[0] != '.')
        {
            throw new ArgumentException($"expected an ending such as .jpg, found '{extension}'", nameof(extension));
        }
        Readers[extension] = read;
    }

    /// <summary>Whether a file is an image that is read. Hidden files are not: macOS puts one, ._a.png,
    /// beside a file a.png on other disks.</summary>
    public static bool IsReadable(string path) => !IsHidden(path) && Readers.ContainsKey(Path.GetExtension(path));

    /// <summary>Whether a file is an image of a format that nothing reads.</summary>
    public static bool IsUnreadable(string path) =>
        !IsHidden(path) && !IsReadable(path) && Known.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The error of images of a format that nothing reads.</summary>
    public static DataFormatException Unreadable(string path) => new(
        path, $"nothing here reads images of this kind; convert them to PNG (mogrify -format png '*{Path.GetExtension(path)}')"
        + ", or register a reader with ImageFolder.Register");

    /// <summary>Reads an image: [height, width] or [3, height, width], float32.</summary>
    /// <exception cref="DataFormatException">The file is damaged or of another kind.</exception>
    public static Tensor Read(string path)
    {
        if (!Readers.TryGetValue(Path.GetExtension(path), out Func<string, Tensor>? read))
        {
            throw Unreadable(path);
        }
        Tensor image = read(path);
        return image.dtype == ScalarType.Float32 && image.shape is [> 0, > 0] or [3, > 0, > 0]
            ? image
            : throw new DataFormatException(
                path, $"expected its reader to give Float32 [height, width] or [3, height, width], found {image.dtype} "
                + $"[{string.Join(", ", image.shape)}]");
    }

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');
}
