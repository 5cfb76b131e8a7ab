using System.CommandLine;

namespace DiffusionVae.Cli.Configuration;

/// <summary>Options whose value is read by a function of this program, in the invariant culture.</summary>
internal static class TextOption
{
    public static Option<T> Create<T>(string name, string valueName, string description, Func<string, T> read)
    {
        var option = new Option<T>(name)
        {
            HelpName = valueName,
            Description = description,
            // If an option is given twice, the last one counts, so that scripts can append options.
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                try
                {
                    return read(text);
                }
                catch (FormatException wanted)
                {
                    result.AddError($"{name} takes {wanted.Message}, not '{text}'.");
                    return default;
                }
            },
        };
        // In the help, lower-case words can be typed, and capitals are placeholders.
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. valueName.Split('|').Where(value => !value.Any(char.IsAsciiLetterUpper))]);
        return option;
    }

    /// <summary>Whether the user gave the option.</summary>
    public static bool IsTyped(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
