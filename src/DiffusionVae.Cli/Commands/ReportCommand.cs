using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Reports;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae report RUN</c>: draws what a run has learnt, and writes a page about it.</summary>
internal sealed class ReportCommand
{
    private readonly Terminal terminal;
    private readonly RunArguments run = new();
    private readonly Option<string> data = TextOption.Create(
        "--data", "ID", "Where the data of the run are now [default: where they were]", ValueText.Any);
    private readonly Option<string> output = TextOption.Create(
        "--output", "DIR", "The folder to write to, new or not [default: the run's directory]", ValueText.Any);
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private ReportCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "report",
        Summary = "Write a page about a run, and its figures.",
        Examples =
        [
            "dvae report runs/torus-2-mnist-seed0",
            "dvae report runs/torus-2-mnist-seed0 --output page",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var report = new ReportCommand(terminal);
        var command = new Command(Verb.Name, "Write a page about a run that opens in any browser, and its figures as PNG and SVG.")
        {
            report.run.Path, report.data, report.output, report.json, report.run.Device,
        };
        report.data.CompletionSources.Add(Completions.DataSets);
        command.SetAction(report.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        using OpenedRun opened = run.OpenWithItsData(parsed, parsed.GetValue(data));
        string? folder = parsed.GetValue(output);
        var place = new RunDirectory(folder ?? opened.Run.Directory.Root);
        Directory.CreateDirectory(place.Root);
        ReportFiles report = OutputPlace.Guard(
            folder is not null, place.Report, () => RunReport.Write(opened.Run, opened.Data, folder));
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(report));
            return ExitCodes.Success;
        }
        string[] page = [report.Page, "A page that opens in any browser: these figures, and the latent space to point at."];
        TextTable.Write(terminal.Out, [], [page, .. report.Figures.Select(figure => new[] { figure.Png, figure.Caption })]);
        return ExitCodes.Success;
    }
}
