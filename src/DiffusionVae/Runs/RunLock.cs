namespace DiffusionVae.Runs;

/// <summary>
/// The right to write to the directory of a run, which one process has at a time: a file held open. The system takes it back when the process
/// ends, however it ends; the file stays. Reading takes no right.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the right.</summary>
    /// <exception cref="DirectoryInUseException">Another process has it.</exception>
    /// <exception cref="IOException">The system refused to open the file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static RunLock Take(RunDirectory directory)
    {
        try
        {
            return new RunLock(new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.Read, FileShare.None));
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            throw DirectoryInUseException.BeingWritten(directory.Root, fault);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>Whether the system says that somebody else has the file: ERROR_SHARING_VIOLATION, or EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsHeld(IOException fault) =>
        (fault.HResult & 0xffff) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsLinux() ? 11 : 35);
}
