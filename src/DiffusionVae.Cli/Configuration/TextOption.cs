using System.CommandLine;

namespace DiffusionVae.Cli.Configuration;

/// <summary>Options whose value is read by a function of ours, which knows what it wants and does not ask the culture.</summary>
internal static class TextOption
{
    public static Option<T> Create<T>(string name, string valueName, string description, Func<string, T> read)
    {
        var option = new Option<T>(name)
        {
            HelpName = valueName,
            Description = description,
            // Given twice, the last wins, as everywhere: scripts add options to those of others.
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
        // In small letters the help shows what can be typed, in capitals what stands for it.
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. valueName.Split('|').Where(value => !value.Any(char.IsAsciiLetterUpper))]);
        return option;
    }

    /// <summary>Whether the user gave the option.</summary>
    public static bool IsTyped(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
