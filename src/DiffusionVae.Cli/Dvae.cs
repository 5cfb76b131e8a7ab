using System.CommandLine;
using System.CommandLine.Invocation;
using DiffusionVae.Cli.Output;

namespace DiffusionVae.Cli;

/// <summary>What happens between the command line and the exit code.</summary>
internal static class Dvae
{
    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        try
        {
            JpegFile.Register();
            if (JoinedValue.Find(args) is { } joined)
            {
                return joined.Complete(terminal);
            }
            ParseResult parsed = Parse(args, terminal);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
            {
                throw new UsageException(ParseErrors.Describe(parsed));
            }
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception fault)
        {
            return Failures.Report(fault, terminal);
        }
    }

    /// <summary>
    /// What the arguments mean; an argument that starts with @ is itself, not a file of arguments.
    /// </summary>
    public static ParseResult Parse(IReadOnlyList<string> args, Terminal terminal) =>
        CreateRoot(args, terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static RootCommand CreateRoot(IReadOnlyList<string> args, Terminal terminal)
    {
        var root = new RootCommand("Trains and judges variational autoencoders with a manifold as latent space.");
        // A shell that completes a line gives a directive such as [suggest], and the line as one argument.
        bool completes = args is [['[', ..], ..];
        foreach (Verb verb in Verb.All)
        {
            root.Subcommands.Add(completes || args.Contains(verb.Name) ? verb.Create(terminal) : verb.Outline());
        }
        if (completes)
        {
            foreach (Option option in root.Subcommands.SelectMany(command => command.Options))
            {
                // While an option may have another value, no other option is offered.
                option.Arity = option.ValueType == typeof(bool) ? ArgumentArity.Zero : ArgumentArity.ExactlyOne;
            }
        }
        HelpWithExamples.AddTo(root);
        return root;
    }
}
