using System.CommandLine;
using System.Runtime.CompilerServices;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Configuration;

/// <summary>
/// An option that sets one value of a <see cref="RunConfig"/>; its help has the default and the range from
/// there.
/// </summary>
internal sealed class ConfigOption<T>(Option<StrongBox<T>> option, string property, Func<RunConfig, T, RunConfig> set)
    : ConfigOption(option, property)
{
    /// <summary>Binds an option.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="valueName">The name of the value in the help.</param>
    /// <param name="description">The text of the help, without a full stop.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="get">The value in a configuration, ending in the name of its property.</param>
    /// <param name="set">The configuration with another value.</param>
    /// <param name="impossible">An invalid value, if there is one. The library's fault for it tells the
    /// allowed range.</param>
    /// <param name="whenNull">The text for the default if it is null.</param>
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
        // Boxed, because the parser takes a null value, such as absent bounds, for a missing value.
        Option<StrongBox<T>> option = TextOption.Create(
            name, valueName, $"{description}{range} [default: {value}]", text => new StrongBox<T>(read(text)));
        return new ConfigOption<T>(option, getText[(getText.LastIndexOf('.') + 1)..], set);
    }

    public override RunConfig Apply(RunConfig config, ParseResult parsed) =>
        set(config, parsed.GetValue((Option<StrongBox<T>>)Option)!.Value!);

    /// <summary>
    /// The allowed range in a fault of the library: of "X is 0; it must be at least 1." it is "at least 1".
    /// </summary>
    private static string RangeIn(string fault)
    {
        const string must = " must ";
        string rest = fault[(fault.IndexOf(must, StringComparison.Ordinal) + must.Length)..];
        string range = rest.TrimEnd('.').Replace("lie ", "", StringComparison.Ordinal);
        return range.StartsWith("be ", StringComparison.Ordinal) ? range[3..] : range;
    }
}
