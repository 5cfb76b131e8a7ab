using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DiffusionVae;

/// <summary>The processor time of the calling thread.</summary>
internal static class ThreadClock
{
    // Of time.h.
    private const int ThreadCpuTime = 3;

    private static bool isKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>
    /// The processor time, in ticks of <see cref="Stopwatch"/>; null where the system does not tell.
    /// </summary>
    public static long? Now()
    {
        if (!isKnown)
        {
            return null;
        }
        try
        {
            // Seconds, and nanoseconds beyond them: "timespec" on systems of 64 bits.
            Span<long> time = stackalloc long[2];
            if (GetTime(ThreadCpuTime, ref time[0]) == 0)
            {
                return (long)((time[0] + (time[1] * 1e-9)) * Stopwatch.Frequency);
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library.
        }
        isKnown = false;
        return null;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, ref long time);
}
