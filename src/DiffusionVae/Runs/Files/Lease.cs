using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DiffusionVae.Runs;

/// <summary>
/// A file that marks something as taken, for file systems without locks. It names the process that made it.
/// Only that process removes it, or another one of the same machine that sees that the process is gone.
/// </summary>
internal sealed class Lease : IDisposable
{
    private readonly string path;
    private readonly Owner owner;

    private Lease(string path, Owner owner) => (this.path, this.owner) = (path, owner);

    /// <summary>Whether certainly no running process has the lease.</summary>
    public static bool IsFree(string path) => !File.Exists(path) || (Read(path) is { } former && former.IsGone && Remove(path, former));

    /// <summary>Takes the lease.</summary>
    /// <param name="path">Its file; the folder must exist.</param>
    /// <returns>The lease; null if another process has it, or may have it.</returns>
    /// <exception cref="IOException">The system refused to write.</exception>
    public static Lease? TryTake(string path)
    {
        if (!IsFree(path))
        {
            return null;
        }
        try
        {
            Owner owner = Owner.Current();
            // Creating a file that must not exist is atomic, on NFS and Lustre too.
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            JsonSerializer.Serialize(file, owner);
            return new Lease(path, owner);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Says who has a lease, and how to free it; null if nobody has it.</summary>
    public static string? Describe(string path)
    {
        string name = Path.GetFileName(path);
        return !File.Exists(path) ? null
            : Read(path) is { } owner
                ? Invariant($"process {owner.Process} on {owner.Host} has it since {owner.Since}; ")
                    + $"if that process is gone, delete '{name}' there"
            : $"'{name}' there marks it as taken; if no process writes there, delete it";
    }

    /// <summary>Gives the lease back.</summary>
    public void Dispose()
    {
        if (Read(path) == owner)
        {
            File.Delete(path);
        }
    }

    private static Owner? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            // Not written yet, or gone by now.
            return null;
        }
    }

    /// <summary>Removes the lease of a process that is gone.</summary>
    /// <returns>Whether it was that process's; a new one of another process is put back.</returns>
    private static bool Remove(string path, Owner former)
    {
        string aside = Invariant($"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}");
        try
        {
            File.Move(path, aside);
            if (Read(aside) == former)
            {
                File.Delete(aside);
                return true;
            }
            File.Move(aside, path);
        }
        catch (IOException)
        {
            // Another process was quicker.
        }
        return false;
    }

    /// <summary>A process.</summary>
    /// <param name="Host">The name of its machine.</param>
    /// <param name="Machine">The machine since it was switched on, and the space in which its processes are
    /// numbered; empty where it is not known.</param>
    /// <param name="Process">The number of the process there.</param>
    /// <param name="Started">When the process was started, in ticks: numbers are used again.</param>
    /// <param name="Since">When it took the lease, in words.</param>
    /// <param name="Token">Differs in each lease.</param>
    private sealed record Owner(string Host, string Machine, int Process, long Started, string Since, Guid Token)
    {
        /// <summary>Whether the process certainly has ended.</summary>
        public bool IsGone => Machine.Length > 0 && Machine == ThisMachine() && !IsRunning();

        public static Owner Current()
        {
            using Process process = System.Diagnostics.Process.GetCurrentProcess();
            string since = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            return new Owner(Environment.MachineName, ThisMachine(), process.Id, process.StartTime.Ticks, since, Guid.NewGuid());
        }

        private static string ThisMachine()
        {
            const string boot = "/proc/sys/kernel/random/boot_id", processes = "/proc/self/ns/pid";
            return File.Exists(boot) && File.ResolveLinkTarget(processes, returnFinalTarget: false) is { } space
                ? $"{File.ReadAllText(boot).Trim()} {space.Name}"
                : "";
        }

        private bool IsRunning()
        {
            try
            {
                using Process process = System.Diagnostics.Process.GetProcessById(Process);
                return Math.Abs(process.StartTime.Ticks - Started) < TimeSpan.TicksPerSecond;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
