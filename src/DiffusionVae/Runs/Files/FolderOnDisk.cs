using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionVae.Runs;

/// <summary>Makes sure that the disk has the names in a folder. .NET flushes files alone; without this a
/// power cut may undo a renaming.</summary>
internal static class FolderOnDisk
{
    private const int ReadOnly = 0;
    private const int NotSupported = 22; // EINVAL: this file system has no such thing.

    /// <summary>Flushes a folder to the disk. On Windows, which keeps a journal of names, it does
    /// nothing.</summary>
    /// <exception cref="IOException">The system failed to.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        int descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }
        try
        {
            if (Synchronise(descriptor) != 0 && Marshal.GetLastPInvokeError() != NotSupported)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronise(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
