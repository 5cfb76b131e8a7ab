using System.CommandLine;
using System.CommandLine.Invocation;
using DiffusionVae.Cli.Commands;

namespace DiffusionVae.Cli;

/// <summary>All verbs, and what happens between the command line and the exit code.</summary>
internal sealed class Dvae
{
    private readonly Terminal terminal;

    public Dvae(Terminal terminal)
    {
        this.terminal = terminal;
        Root = new RootCommand("Trains and judges variational autoencoders with a manifold as latent space.");
        Command[] verbs =
        [
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            ManifoldsCommand.Create(terminal),
            DivergenceCommand.Create(terminal),
            DataCommand.Create(terminal),
        ];
        foreach (Command verb in verbs)
        {
            Root.Subcommands.Add(verb);
        }
        HelpWithExamples.AddTo(Root);
    }

    public RootCommand Root { get; }

    /// <summary>What the arguments mean; an argument that starts with @ is itself, not a file of arguments.</summary>
    public ParseResult Parse(IReadOnlyList<string> args) => Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    public int Run(IReadOnlyList<string> args)
    {
        try
        {
            ParseResult parsed = Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
            {
                throw new UsageException(ParseFaults.Describe(parsed));
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
}
