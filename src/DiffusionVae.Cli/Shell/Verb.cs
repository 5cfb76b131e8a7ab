using System.CommandLine;
using DiffusionVae.Cli.Commands;

namespace DiffusionVae.Cli;

/// <summary>Something the program does.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">A line of the program's help.</param>
/// <param name="Create">Makes the command with its options.</param>
internal sealed record Verb(string Name, string Summary, Func<Terminal, Command> Create)
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        new("train", "Train an autoencoder and write a run directory.", TrainCommand.Create),
        new("evaluate", "Measure the model of a run: ELBO, KL, MSE, likelihood.", EvaluateCommand.Create),
        new("compare", "Put the numbers of several runs side by side.", CompareCommand.Create),
        new("sample", "Decode points drawn from the prior.", SampleCommand.Create),
        new("encode", "Encode images as points of the latent space.", EncodeCommand.Create),
        new("decode", "Decode given points, or a grid over the latent space.", DecodeCommand.Create),
        new("report", "Write a page about a run, and its figures.", ReportCommand.Create),
        new("reproduce", "Rerun the tables and figures of the paper.", ReproduceCommand.Create),
        new("manifolds", "List the manifolds there are, and which to choose for which data.", ManifoldsCommand.Create),
        new("divergence", "Print the divergence of a manifold at a given log t.", DivergenceCommand.Create),
        new("data", "List the data sets there are, or check one.", DataCommand.Create),
        new("completion", "Print a script by which a shell completes commands of dvae.", CompletionCommand.Create),
        new("cite", "Print what to cite, as BibTeX.", CiteCommand.Create),
    ];

    /// <summary>The command by name alone, without the options that nobody asks for: making them all takes longer than printing help may.</summary>
    public Command Outline() => new(Name, Summary);
}
