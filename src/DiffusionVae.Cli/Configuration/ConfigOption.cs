using System.CommandLine;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>An option that sets one value of a <see cref="RunConfig"/>.</summary>
internal abstract class ConfigOption(Option option, string property)
{
    public Option Option { get; } = option;

    /// <summary>The name of the value in <see cref="RunConfig"/>, with which the library's complaints begin.</summary>
    public string Property { get; } = property;

    /// <summary>The configuration with the value that was typed.</summary>
    public abstract RunConfig Apply(RunConfig config, ParseResult parsed);

    /// <summary>A complaint of the library, in the words of somebody who typed the option.</summary>
    public string? Reword(string fault) =>
        fault.StartsWith(Property + " is ", StringComparison.Ordinal) ? string.Concat(Option.Name, fault.AsSpan(Property.Length)) : null;
}
