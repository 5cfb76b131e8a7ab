using System.Runtime.InteropServices;

namespace DiffusionVae.Cli;

/// <summary>Says which native library cannot be loaded, and why. TorchSharp says something else: that a
/// package is not referenced.</summary>
internal static class NativeLibraries
{
    /// <summary>In the order in which they need each other.</summary>
    private static readonly string[] Names = ["c10", "torch_cpu", "torch", "LibTorchSharp", "SkiaSharp"];

    /// <summary>Whether a fault is that of a library that was not loaded.</summary>
    public static bool IsCause(Exception fault) =>
        fault.GetBaseException() is DllNotFoundException or BadImageFormatException
        || fault is TypeInitializationException { TypeName: "TorchSharp.torch" };

    /// <summary>Which library it is, why it cannot be loaded, and what helps.</summary>
    /// <param name="fault">The fault.</param>
    public static string Explain(Exception fault)
    {
        foreach (string path in Names.Select(name => Path.Combine(AppContext.BaseDirectory, FileName(name))))
        {
            if (!File.Exists(path))
            {
                return $"the library {path} is missing: the installation is not complete. Install dvae again.";
            }
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception refused) when (refused is DllNotFoundException or BadImageFormatException)
            {
                string why = Reason(refused.Message, path);
                return $"the library {path} cannot be loaded: {why}. {Remedy(why)}";
            }
        }
        return $"a native library cannot be loaded: {fault.GetBaseException().Message.Split('\n')[0]}";
    }

    /// <summary>
    /// The system's own words. .NET puts advice before them, and tries other names after them.
    /// </summary>
    private static string Reason(string message, string path)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string own = lines.FirstOrDefault(line =>
            line.Contains(": ", StringComparison.Ordinal) && !line.Contains("Unable to load", StringComparison.Ordinal)) ?? lines[0];
        return own.Replace($"{path}: ", "", StringComparison.Ordinal).TrimEnd('.');
    }

    private static string Remedy(string why) => why switch
    {
        _ when why.Contains("GLIBC", StringComparison.Ordinal) =>
            "It needs a newer system, with the glibc and libstdc++ of Debian 12, Ubuntu 22.04 or RHEL 9 at least.",
        _ when why.Contains("cannot open shared object file", StringComparison.Ordinal) =>
            $"Install the package of the system that has {why.Split(':')[0]}; if it came with dvae, install dvae again.",
        _ => "Install dvae again, for this system and processor.",
    };

    private static string FileName(string name) => OperatingSystem.IsWindows() ? $"{(name == "SkiaSharp" ? "lib" : "")}{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";
}
