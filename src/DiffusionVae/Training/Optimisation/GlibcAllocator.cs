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
    /// Has glibc keep what is freed, where it would give large blocks back to the system, whose new pages cost more than a step can spare: each step frees what the next one asks for again.
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
