namespace DiffusionVae.Runs;

/// <summary>
/// A right that one process has at a time: an empty file held open. The system takes it back when the process ends, however it ends; the file stays.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream file;

    private FileLock(FileStream file) => this.file = file;

    /// <summary>Takes the right, if nobody has it.</summary>
    /// <param name="path">The file, made where it is not there; its folder must exist.</param>
    /// <returns>The right; null if another process, or another lock of this one, has it.</returns>
    /// <exception cref="IOException">The system refused to open the file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.None));
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            return null;
        }
    }

    /// <summary>Gives the right back.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Whether the system says that somebody else has the file: ERROR_SHARING_VIOLATION, or EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsHeld(IOException fault) =>
        (fault.HResult & 0xffff) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsLinux() ? 11 : 35);
}
