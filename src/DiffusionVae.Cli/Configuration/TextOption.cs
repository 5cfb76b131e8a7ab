using System.CommandLine;

namespace DiffusionVae.Cli.Configuration;

/// <summary>Options whose value is read by a function of ours, which knows what it wants and does not ask the culture.</summary>
internal static class TextOption
{
    public static Option<T> Create<T>(string name, string valueName, string description, Func<string, T> read)
    {
        return new Option<T>(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
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
    }

    /// <summary>Whether the user gave the option.</summary>
    public static bool IsTyped(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
