using System.CommandLine;
using DiffusionVae.Cli.Citation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae cite</c>: what to cite.</summary>
internal static class CiteCommand
{
    public static Verb Verb => new()
    {
        Name = "cite",
        Summary = "Print what to cite, as BibTeX.",
        Examples =
        [
            "dvae cite",
            "dvae cite runs/torus-2-mnist-seed0",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var path = new Argument<string?>("RUN") { Description = "The directory of a run, to cite what it used [default: what "
            + "every run uses]", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(Verb.Name, "Print what to cite, as BibTeX: the paper, this software, and what a run used besides, "
            + "such as its data set.") { path };
        command.SetAction(parsed =>
        {
            RunConfig? run = parsed.GetValue(path) is { } directory ? UsageException.Guard(new RunDirectory(directory).ReadConfig) : null;
            string[] entries =
            [
                .. Reference.All
                    .Where(reference => reference.IsUsedBy is not { } isUsedBy || (run is not null && isUsedBy(run)))
                    .Select(reference => $"% {reference.For}\n{reference.Entry(run?.Versions)}\n"),
            ];
            terminal.Out.Write(string.Join('\n', entries));
        });
        return command;
    }
}
