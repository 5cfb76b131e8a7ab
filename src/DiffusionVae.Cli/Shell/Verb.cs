using System.CommandLine;
using DiffusionVae.Cli.Commands;

namespace DiffusionVae.Cli;

/// <summary>A command of the program. Each has its own file in the folder Commands.</summary>
internal sealed class Verb
{
    /// <summary>The name of the command.</summary>
    public required string Name { get; init; }

    /// <summary>The line for it in the program's help.</summary>
    public required string Summary { get; init; }

    /// <summary>The examples at the end of its help. A test checks that each of them parses.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Creates the command with its options.</summary>
    public required Func<Terminal, Command> Create { get; init; }

    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<Verb> All { get; } =
    [
        TrainCommand.Verb,
        EvaluateCommand.Verb,
        CompareCommand.Verb,
        SampleCommand.Verb,
        EncodeCommand.Verb,
        DecodeCommand.Verb,
        ReportCommand.Verb,
        ImportCommand.Verb,
        ReproduceCommand.Verb,
        ManifoldsCommand.Verb,
        DivergenceCommand.Verb,
        DataCommand.Verb,
        CompletionCommand.Verb,
        CiteCommand.Verb,
    ];

    /// <summary>
    /// The command without its options, because creating all options would slow down the help.
    /// </summary>
    public Command Outline() => new(Name, Summary);
}
