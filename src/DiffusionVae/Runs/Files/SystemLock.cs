using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DiffusionVae.Runs;

/// <summary>What the system answers to a request for an exclusive lock.</summary>
internal enum LockAnswer
{
    /// <summary>The lock is ours.</summary>
    Taken,

    /// <summary>Another process, or another handle of this one, has it.</summary>
    Held,

    /// <summary>This file system has no locks.</summary>
    Unavailable,
}

/// <summary>The lock of the operating system on an open file. It ends with the process.</summary>
/// <remarks>
/// .NET asks for the same lock when it opens a file, but ignores every answer except "held". Some file
/// systems answer that they have no locks (Lustre without the mount option <c>flock</c>), and NFS refuses an
/// exclusive lock on a file that is open for reading alone.
/// </remarks>
internal static class SystemLock
{
    private const int ExclusiveWithoutWaiting = 2 | 4;
    private const int Interrupted = 4;

    private static readonly Lazy<Flock> LockFile = new(() => Marshal.GetDelegateForFunctionPointer<Flock>(
        NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "flock")));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate int Flock(int descriptor, int operation);

    /// <summary>Asks for the exclusive lock on a file, without waiting.</summary>
    /// <param name="file">The open file.</param>
    public static LockAnswer Ask(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            // The file could be opened, and Windows gives it to one handle at a time.
            return LockAnswer.Taken;
        }
        int error;
        do
        {
            error = LockFile.Value((int)file.DangerousGetHandle(), ExclusiveWithoutWaiting) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);
        return error == 0 ? LockAnswer.Taken : error == WouldBlock ? LockAnswer.Held : LockAnswer.Unavailable;
    }

    /// <summary>Whether opening a file failed because another handle has it.</summary>
    public static bool IsHeld(IOException fault) =>
        (fault.HResult & 0xffff) == (OperatingSystem.IsWindows() ? SharingViolation : WouldBlock);

    private const int SharingViolation = 32;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;
}
