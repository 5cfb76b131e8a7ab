using System.Globalization;
using System.Runtime.InteropServices;

namespace DiffusionVae.Cli;

/// <summary>
/// The signals by which systems ask a program to end: SIGTERM; SIGHUP, when the terminal or connection is
/// gone; SIGUSR1, which clusters send before a time limit.
/// </summary>
internal static class EndingSignals
{
    /// <summary>Has all of them handled in the same way.</summary>
    public static IEnumerable<PosixSignalRegistration> Register(Action<PosixSignalContext> handle)
    {
        yield return PosixSignalRegistration.Create(PosixSignal.SIGTERM, handle);
        if (OperatingSystem.IsLinux())
        {
            const PosixSignal user1 = (PosixSignal)10;
            yield return PosixSignalRegistration.Create(user1, handle);
            // Under nohup it is ignored, and must stay so.
            const int hangUp = 1;
            if (!IsIgnored(hangUp))
            {
                yield return PosixSignalRegistration.Create(PosixSignal.SIGHUP, handle);
            }
        }
    }

    /// <summary>Whether the process was started with a signal ignored.</summary>
    private static bool IsIgnored(int signal)
    {
        const string entry = "SigIgn:";
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(entry, StringComparison.Ordinal));
        ulong ignored = ulong.Parse(line[entry.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ignored >> (signal - 1) & 1) != 0;
    }
}
