using System.CommandLine;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae report RUN</c>: draws what a run has learnt.</summary>
internal sealed class ReportCommand
{
    private readonly Terminal terminal;
    private readonly Argument<string> path = new("RUN") { Description = "The directory of a run" };
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private ReportCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var report = new ReportCommand(terminal);
        var command = new Command("report", "Draw the figures of a run, as PNG and SVG, into its folder of figures.") { report.path, report.json };
        command.SetAction(report.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        using Run run = UsageException.Guard(() => Run.Open(parsed.GetValue(path)!));
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(run.Config.Data));
        Devices.UseThreads(run.Config.Threads);
        using ImageData data = source.Load();
        UsageException.Guard(() => run.RequireFits(data.Test));
        IReadOnlyList<FigureFiles> figures = FigureSet.Write(run, data);
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(figures));
            return ExitCodes.Success;
        }
        TextTable.Write(terminal.Out, [], figures.Select(figure => new[] { figure.Png, figure.Caption }));
        return ExitCodes.Success;
    }
}
