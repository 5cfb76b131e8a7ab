using System.CommandLine;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Tests;

// Code of CONTRIBUTING, for the compiler to see.

/// <summary><c>dvae parameters RUN</c>: how many weights a model has.</summary>
internal static class ParametersCommand
{
    public static Verb Verb => new()
    {
        Name = "parameters",
        Summary = "Count the weights of a run's model.",
        Examples = ["dvae parameters runs/sphere"],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("RUN") { Description = "The directory of a run" };
        var command = new Command(Verb.Name, "Count the weights and biases of a run's model.") { path };
        command.SetAction(parsed =>
        {
            using Run run = UsageException.Guard(() => Run.Open(parsed.GetValue(path)!));
            long count = run.Model.parameters().Sum(parameter => parameter.numel());
            terminal.Out.WriteLine(FormattableString.Invariant($"parameters {count}"));
        });
        return command;
    }
}
