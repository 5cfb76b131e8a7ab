using System.CommandLine;
using DiffusionVae.Cli.Commands;

namespace DiffusionVae.Cli;

/// <summary>A command of the program. Each stands in a file of its own, in the folder Commands.</summary>
internal sealed class Verb
{
    /// <summary>The name that is typed.</summary>
    public required string Name { get; init; }

    /// <summary>Its line in the program's help.</summary>
    public required string Summary { get; init; }

    /// <summary>Command lines to copy, at the end of its help. Every one of them parses, which a test checks.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Makes the command with its options.</summary>
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
        ReproduceCommand.Verb,
        ManifoldsCommand.Verb,
        DivergenceCommand.Verb,
        DataCommand.Verb,
        CompletionCommand.Verb,
        CiteCommand.Verb,
    ];

    /// <summary>The command by name alone, without options: making all options takes longer than printing help may.</summary>
    public Command Outline() => new(Name, Summary);
}
