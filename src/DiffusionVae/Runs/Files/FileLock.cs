namespace DiffusionVae.Runs;

/// <summary>
/// A right that one process has at a time: an empty file held open, with the lock of the system on it. The
/// system takes the lock back when the process ends, however it ends; the file stays. Where the file system
/// has no locks, a <see cref="Lease"/> beside the file takes their place.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream file;
    private readonly Lease? lease;

    private FileLock(FileStream file, Lease? lease) => (this.file, this.lease) = (file, lease);

    /// <summary>Whether the file system has no locks, so that the right is marked by a file. Such a file
    /// outlives a process that is killed.</summary>
    public bool IsLease => lease is not null;

    /// <summary>Takes the right, unless another process has it.</summary>
    /// <param name="path">The file, made where it is not there; its folder must exist.</param>
    /// <returns>The right; null if another process, or another lock of this one, has it.</returns>
    /// <exception cref="IOException">The system refused to open the file for writing.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written to.</exception>
    public static FileLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            // For writing: NFS gives an exclusive lock on nothing else.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (SystemLock.IsHeld(fault))
        {
            return null;
        }
        FileLock? taken = null;
        try
        {
            taken = SystemLock.Ask(file.SafeFileHandle) switch
            {
                // Another process may see no locks here and have taken the lease.
                LockAnswer.Taken when Lease.IsFree(LeaseOf(path)) => new FileLock(file, lease: null),
                LockAnswer.Unavailable when Lease.TryTake(LeaseOf(path)) is { } lease => new FileLock(file, lease),
                _ => null,
            };
            return taken;
        }
        finally
        {
            if (taken is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>The file that takes the place of a lock where there is none.</summary>
    public static string LeaseOf(string path) => path + ".lease";

    /// <summary>Says who has the right, and how to free it, where that is known: where there are no
    /// locks.</summary>
    public static string? Describe(string path) => Lease.Describe(LeaseOf(path));

    /// <summary>Gives the right back.</summary>
    public void Dispose()
    {
        lease?.Dispose();
        file.Dispose();
    }
}
