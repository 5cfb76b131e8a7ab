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
    private readonly Option<string> device = DeviceOption.Create();
    private readonly LikelihoodOptions likelihood = new();
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private EvaluateCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "evaluate",
        Summary = "Measure the model of a run: ELBO, KL, MSE, likelihood.",
        Examples =
        [
            "dvae evaluate runs/torus-2-mnist-seed0",
            "dvae evaluate runs/torus-2-mnist-seed0 --seed 1 --json",
            "dvae evaluate runs/torus-2-mnist-seed0 --likelihood importance --samples 100 --images 1000 --csv likelihood.csv",
            "dvae evaluate runs/torus-2-mnist-seed0 --likelihood quadrature --images 1000",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var evaluate = new EvaluateCommand(terminal);
        var command = new Command(Verb.Name, "Measure the model of a run on images it was not trained on: ELBO, KL, MSE, likelihood; for data whose true factors are known, also whether it captures their topology.")
        {
            evaluate.path, evaluate.data, evaluate.seed, evaluate.device, evaluate.json,
        };
        evaluate.data.CompletionSources.Add(Completions.DataSets);
        evaluate.likelihood.AddTo(command);
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
        LikelihoodRequest? request = likelihood.Read(parsed);
        using ImageData images = source.Load();
        bool heldOut = other is null && run.Config.HoldOut > 0;
        using Split split = UsageException.Guard(() => Split.Create(images, heldOut ? run.Config.HoldOut : 0));
        long chosen = parsed.IsTyped(seed) ? parsed.GetValue(seed) : run.Config.Training.Seed;
        ModelScore elbo = UsageException.Guard(() => run.Evaluate(split.Test, chosen));
        LikelihoodResult? result = request?.Measure(terminal, run, split.Test, chosen);
        (Topology Found, double? Limit)? topology = images.Family is { } family
            ? (run.EvaluateTopology(family, seed: chosen), LikelihoodBound.Of(family, split.Test, run.Model.Likelihood))
            : null;
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(ElboReport.ForPrograms(run, elbo, source.Id, heldOut, chosen, result, topology)));
            return ExitCodes.Success;
        }
        ElboReport.Write(terminal.Out, run, elbo, images.Name, heldOut);
        if (topology is { } shown)
        {
            TopologyReport.Write(terminal.Out, shown.Found, shown.Limit, elbo.Elbo);
        }
        if (result is not null)
        {
            LikelihoodReport.Write(terminal.Out, result);
        }
        return ExitCodes.Success;
    }
}
