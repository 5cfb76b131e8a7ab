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
    /// <exception cref="IOException">The system refused to open the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FileLock? TryTake(string path)
    {
        // A disk can be made read-only only while no file on it is open for writing.
        (LockAnswer answer, FileStream? file) = Open(path, FileAccess.Read);
        if (answer == LockAnswer.Unavailable)
        {
            // NFS locks only files that are open for writing.
            file!.Dispose();
            (answer, file) = Open(path, FileAccess.ReadWrite);
        }
        Lease? lease = answer == LockAnswer.Unavailable ? Lease.TryTake(LeaseOf(path)) : null;
        // Another process may see no locks here and have taken the lease.
        if (lease is not null || (answer == LockAnswer.Taken && Lease.IsFree(LeaseOf(path))))
        {
            return new FileLock(file!, lease);
        }
        file?.Dispose();
        return null;
    }

    /// <summary>Opens the file and asks for its lock.</summary>
    private static (LockAnswer Answer, FileStream? File) Open(string path, FileAccess access)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, access, FileShare.None);
            return (SystemLock.Ask(file.SafeFileHandle), file);
        }
        catch (IOException fault) when (SystemLock.IsHeld(fault))
        {
            return (LockAnswer.Held, null);
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
