using System.Reflection;
using System.Runtime.InteropServices;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>What made a run.</summary>
internal static class RunVersions
{
    /// <summary>
    /// How a batch is summed. Versions before there was this name summed over the whole batch, in an order
    /// that depended on the number of threads.
    /// </summary>
    private const string Sums = "sums";

    public static IReadOnlyDictionary<string, string> Current { get; } = new Dictionary<string, string>
    {
        ["DiffusionVae"] = Version(typeof(RunVersions)),
        ["TorchSharp"] = Version(typeof(torch)),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["platform"] = RuntimeInformation.RuntimeIdentifier,
        [Sums] = "shards",
    };

    /// <summary>
    /// What is to be said where a run goes on that was begun with other sums; null where there is nothing.
    /// </summary>
    public static string? OtherSums(IReadOnlyDictionary<string, string>? versions) =>
        versions?.GetValueOrDefault(Sums) == Current[Sums]
            ? null
            : "the run was begun by an earlier version, which summed over a batch in another order. "
                + "It goes on, but not to the last digit as it would have with that version.";

    /// <summary>Checks that a run that another process began would go on here as it began.</summary>
    /// <exception cref="DataFormatException">Another version of the library or of TorchSharp began
    /// it.</exception>
    public static void RequireSame(string path, IReadOnlyDictionary<string, string>? versions)
    {
        foreach (string name in new[] { "DiffusionVae", "TorchSharp" })
        {
            string then = versions?.GetValueOrDefault(name) ?? "an unknown version";
            if (then != Current[name])
            {
                throw new DataFormatException(
                    path,
                    $"the run was begun with {name} {then}, this is {Current[name]}: it would not go on as it began. "
                    + "Use that version, or begin the run again from its config.json.");
            }
        }
    }

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
