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
    private readonly RunArguments run = new();
    private readonly Option<string> data = TextOption.Create(
        "--data", "ID", "Measure on the test images of other data [default: what the run measured on]", ValueText.Any);
    private readonly Option<long> seed = TextOption.Create(
        "--seed", "N", "Decides the samples of the posterior [default: the run's, which gives its last numbers again]", ValueText.Int64);
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
        var command = new Command(
            Verb.Name,
            "Measure the model of a run on images it was not trained on: ELBO, KL, MSE, likelihood; "
            + "for data whose true factors are known, also whether it captures their topology.")
        {
            evaluate.run.Path, evaluate.data, evaluate.seed, evaluate.run.Device, evaluate.json,
        };
        evaluate.data.CompletionSources.Add(Completions.DataSets);
        evaluate.likelihood.AddTo(command);
        command.SetAction(evaluate.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        LikelihoodRequest? request = likelihood.Read(parsed);
        if (request?.Csv is { } file)
        {
            AtomicFile.RequireWritable(file);
        }
        string? other = parsed.GetValue(data);
        using OpenedRun opened = run.OpenWithData(parsed, other);
        long chosen = parsed.IsTyped(seed) ? parsed.GetValue(seed) : opened.Run.Config.Training.Seed;
        RunEvaluation evaluation = UsageException.Guard(() => opened.Run.Evaluate(opened.Data, chosen, onTestImages: other is not null));
        using Split split = Split.Create(opened.Data, evaluation.IsHeldOut ? opened.Run.Config.HoldOut : 0);
        LikelihoodResult? result = request is null
            ? null
            : LikelihoodMeasurement.Measure(terminal, request, opened.Run, split.Test, evaluation.Seed);
        Show(opened, evaluation, result, parsed.GetValue(json));
        // After the numbers are shown: should it fail, they are not lost.
        if (result is not null && request!.Csv is { } table)
        {
            LikelihoodReport.WriteCsv(table, result, split.Test);
        }
        return ExitCodes.Success;
    }

    private void Show(OpenedRun opened, RunEvaluation evaluation, LikelihoodResult? result, bool asJson)
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonText.Of(EvaluationReport.ForPrograms(opened.Run, evaluation, opened.DataId, result)));
            return;
        }
        EvaluationReport.Write(terminal.Out, opened.Run, evaluation);
        if (result is not null)
        {
            LikelihoodReport.Write(terminal.Out, result);
        }
    }
}
