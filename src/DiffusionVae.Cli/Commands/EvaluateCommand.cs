using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae evaluate RUN</c>: measures the model of a run.</summary>
internal sealed class EvaluateCommand
{
    private readonly Terminal terminal;
    private readonly Argument<string> path = new("RUN") { Description = "The directory of a run" };
    private readonly Option<string> data = TextOption.Create(
        "--data", "ID", "Measure on the test images of other data [default: what the run measured on]", ValueText.Any);
    private readonly Option<long> seed = TextOption.Create(
        "--seed", "N", "Decides the samples of the posterior [default: the run's, which gives its last numbers again]", ValueText.Int64);
    private readonly Option<string> device = TextOption.Create("--device", "ID", "Where to compute [default: where the run was trained]", ValueText.Any);
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private EvaluateCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var evaluate = new EvaluateCommand(terminal);
        var command = new Command("evaluate", "Measure the model of a run on images it was not trained on: ELBO, KL, MSE.")
        {
            evaluate.path, evaluate.data, evaluate.seed, evaluate.device, evaluate.json,
        };
        command.SetAction(evaluate.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        using Run run = UsageException.Guard(() => Run.Open(parsed.GetValue(path)!, parsed.GetValue(device)));
        string? other = parsed.GetValue(data);
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(other ?? run.Config.Data));
        // The same numbers again take the same threads: sums are then made in the same order.
        Devices.UseThreads(run.Config.Threads);
        using ImageData images = source.Load();
        long chosen = parsed.IsTyped(seed) ? parsed.GetValue(seed) : run.Config.Training.Seed;
        Elbo elbo = UsageException.Guard(() => other is null ? run.Evaluate(images, chosen) : run.Evaluate(images.Test, chosen));
        bool heldOut = other is null && run.Config.HoldOut > 0;
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(ElboReport.ForPrograms(run, elbo, source.Id, heldOut, chosen)));
            return ExitCodes.Success;
        }
        ElboReport.Write(terminal.Out, run, elbo, images.Name, heldOut);
        return ExitCodes.Success;
    }
}
