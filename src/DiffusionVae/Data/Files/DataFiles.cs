namespace DiffusionVae.Data;

/// <summary>Opens files for reading, with clear errors for missing or unsuitable files.</summary>
internal static class DataFiles
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFormatException">The file does not exist, is a folder, is not a regular file, or
    /// is empty.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataFormatException(path, "expected a file, found a folder");
        }
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException(path, "the file does not exist", e);
        }
        string? problem = !file.CanSeek ? "expected a regular file, found a pipe or device" : file.Length == 0 ? "the file is empty" : null;
        if (problem is not null)
        {
            file.Dispose();
            throw new DataFormatException(path, problem);
        }
        return file;
    }
}
