using System.CommandLine;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>An option that sets one value of a <see cref="RunConfig"/>.</summary>
internal abstract class ConfigOption(Option option, string property)
{
    public Option Option { get; } = option;

    /// <summary>
    /// The name of the value in <see cref="RunConfig"/>. The library's faults begin with it.
    /// </summary>
    public string Property { get; } = property;

    /// <summary>The configuration with the typed value.</summary>
    public abstract RunConfig Apply(RunConfig config, ParseResult parsed);

    /// <summary>
    /// A fault of the library with the option's name instead of the value's; null if it is about another
    /// value.
    /// </summary>
    public string? Reword(string fault) =>
        fault.StartsWith(Property + " is ", StringComparison.Ordinal) ? string.Concat(Option.Name, fault.AsSpan(Property.Length)) : null;
}
