using System.CommandLine;
using System.CommandLine.Parsing;

namespace DiffusionVae.Cli;

/// <summary>Describes what is wrong with a command line, and suggests what was probably meant.</summary>
internal static class ParseErrors
{
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = PathOf(parsed.CommandResult);
        string fault = parsed.UnmatchedTokens.Count > 0
            ? Unknown(parsed.UnmatchedTokens[0], command)
            : command is RootCommand ? $"say what to do: {Verbs(command)}." : parsed.Errors[0].Message;
        return $"{fault} '{path} --help' tells more.";
    }

    private static string Unknown(string token, Command command)
    {
        if (token.StartsWith('-'))
        {
            string name = token.Split('=', 2)[0];
            string[] options = [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name)];
            return $"there is no option '{name}'.{Suggestion.DidYouMean(name, options)}";
        }
        return command.Subcommands.Count > 0
            ? $"there is no command '{token}'.{Suggestion.DidYouMean(token, Names(command))} There are {Verbs(command)}."
            : $"'{token}' is one argument too many for {command.Name}.";
    }

    private static string Verbs(Command command) => string.Join(", ", Names(command));

    private static IEnumerable<string> Names(Command command) => command.Subcommands.Select(verb => verb.Name);

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "dvae";
}
