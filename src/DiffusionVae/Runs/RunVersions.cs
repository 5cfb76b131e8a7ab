using System.Reflection;
using System.Runtime.InteropServices;

namespace DiffusionVae.Runs;

/// <summary>What made a run.</summary>
internal static class RunVersions
{
    public static IReadOnlyDictionary<string, string> Current { get; } = new Dictionary<string, string>
    {
        ["DiffusionVae"] = Version(typeof(RunVersions)),
        ["TorchSharp"] = Version(typeof(torch)),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["platform"] = RuntimeInformation.RuntimeIdentifier,
    };

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
