using System.CommandLine;
using System.Runtime.CompilerServices;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>An option that sets one value of a <see cref="RunConfig"/>; its help has the default and the range from there.</summary>
internal sealed class ConfigOption<T>(Option<StrongBox<T>> option, string property, Func<RunConfig, T, RunConfig> set) : ConfigOption(option, property)
{
    /// <summary>Binds an option.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">What the help says, without a full stop.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="get">The value in a configuration, ending in the name of its property.</param>
    /// <param name="set">The configuration with another value.</param>
    /// <param name="impossible">A value that cannot be, if there is one: the library says why not, and so what can be.</param>
    /// <param name="whenNull">What the default is called when it is null.</param>
    /// <param name="getText">The text of <paramref name="get"/>, filled in by the compiler.</param>
    public static ConfigOption<T> Bind(
        string name,
        string valueName,
        string description,
        Func<string, T> read,
        Func<RunConfig, T> get,
        Func<RunConfig, T, RunConfig> set,
        (bool Exists, T Value) impossible = default,
        string whenNull = "",
        [CallerArgumentExpression(nameof(get))] string getText = "")
    {
        RunConfig defaults = new();
        string range = impossible.Exists ? $" ({RangeIn(set(defaults, impossible.Value).Faults().First())})" : "";
        string value = get(defaults) is { } known ? ValueText.Show(known) : whenNull;
        // Boxed, since the parser takes a null value, such as bounds that are none, for no value.
        Option<StrongBox<T>> option = TextOption.Create(name, valueName, $"{description}{range} [default: {value}]", text => new StrongBox<T>(read(text)));
        return new ConfigOption<T>(option, getText[(getText.LastIndexOf('.') + 1)..], set);
    }

    public override RunConfig Apply(RunConfig config, ParseResult parsed) => set(config, parsed.GetValue((Option<StrongBox<T>>)Option)!.Value!);

    /// <summary>What the library's complaint "X is 0; it must be at least 1." allows: at least 1.</summary>
    private static string RangeIn(string fault)
    {
        const string must = " must ";
        string range = fault[(fault.IndexOf(must, StringComparison.Ordinal) + must.Length)..].TrimEnd('.').Replace("lie ", "", StringComparison.Ordinal);
        return range.StartsWith("be ", StringComparison.Ordinal) ? range[3..] : range;
    }
}
