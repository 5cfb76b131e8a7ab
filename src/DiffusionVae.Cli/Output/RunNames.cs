using System.Text.RegularExpressions;

namespace DiffusionVae.Cli.Output;

/// <summary>Names of run directories for users who give none.</summary>
internal static partial class RunNames
{
    /// <summary>The first of <c>runs/MANIFOLD-DATA-seedN</c>, <c>...-2</c>, <c>...-3</c> that is not
    /// taken.</summary>
    public static string Free(string manifold, string data, long seed)
    {
        string name = Path.Combine("runs", FormattableString.Invariant($"{Safe(manifold)}-{Safe(data)}-seed{seed}"));
        string candidate = name;
        for (int number = 2; IsTaken(candidate); number++)
        {
            candidate = FormattableString.Invariant($"{name}-{number}");
        }
        return candidate;
    }

    /// <summary>Letters, digits, dots and underscores as they are; whatever lies between becomes one
    /// hyphen.</summary>
    internal static string Safe(string text) => Unsafe().Replace(text, "-").Trim('-', '.') is { Length: > 0 } safe ? safe : "data";

    private static bool IsTaken(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    [GeneratedRegex("[^A-Za-z0-9._]+")]
    private static partial Regex Unsafe();
}
