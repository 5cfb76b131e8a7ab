using System.Runtime.InteropServices;

namespace DiffusionVae.Training;

/// <summary>The heap from which libtorch takes the memory of tensors.</summary>
internal static class GlibcAllocator
{
    // Of malloc.h.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int Megabyte = 1 << 20;

    /// <summary>
    /// Makes glibc keep freed memory, where it would give large blocks back to the system. Each step frees
    /// what the next one needs again, and new pages of the system would cost a good part of a small step.
    /// Does nothing with another C library.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            _ = SetOption(MmapThreshold, 32 * Megabyte);
            _ = SetOption(TrimThreshold, 256 * Megabyte);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not glibc.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
