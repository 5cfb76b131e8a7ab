using System.Diagnostics;

namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A test that needs a small disk to fill. Only root may mount one; elsewhere the test is skipped, visibly.
/// </summary>
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsPossible = new(Try);

    public MountFactAttribute()
    {
        if (!IsPossible.Value)
        {
            Skip = "Needs the right to mount a small disk (Linux, root).";
        }
    }

    internal static void Mount(string folder, int kilobytes) =>
        Require("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={kilobytes}k"), "tmpfs", folder);

    internal static void Remount(string folder, string options) => Require("mount", "-o", $"remount,{options}", folder);

    /// <summary>False where the disk is in use in a way that forbids it.</summary>
    internal static bool TryRemount(string folder, string options)
    {
        try
        {
            Remount(folder, options);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    internal static void Unmount(string folder) => Require("umount", folder);

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }
        using var folder = new Folder();
        try
        {
            Mount(folder.Path, 64);
            Unmount(folder.Path);
            return true;
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Require(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {error}");
        }
    }
}
