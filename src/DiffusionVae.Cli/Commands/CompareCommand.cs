using System.CommandLine;
using CsvHelper;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;
using DiffusionVae.Training;
using static System.FormattableString;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae compare RUN...</c>: runs side by side.</summary>
internal sealed class CompareCommand
{
    private readonly Terminal terminal;
    private readonly Argument<string[]> paths = new("RUN") { Description = "The directories of runs", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };
    private readonly Option<bool> csv = new("--csv") { Description = "Print as CSV" };

    private CompareCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "compare",
        Summary = "Put the numbers of several runs side by side.",
        Examples =
        [
            "dvae compare runs/sphere runs/torus-2-mnist-seed0",
            "dvae compare runs/sphere runs/torus-2-mnist-seed0 --csv",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var compare = new CompareCommand(terminal);
        var command = new Command(
            Verb.Name, "Put runs side by side: the results after their last epoch, on the images that each was measured on.")
        {
            compare.paths, compare.json, compare.csv,
        };
        command.SetAction(compare.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        if (parsed.GetValue(json) && parsed.GetValue(csv))
        {
            throw new UsageException("--json and --csv exclude each other.");
        }
        Result[] results = [.. Read(parsed.GetValue(paths)!)];
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(results));
        }
        else if (parsed.GetValue(csv))
        {
            WriteCsv(results);
        }
        else
        {
            TextTable.Write(
                terminal.Out,
                ["run", "manifold", "data", "seed", "epochs", "ELBO", "KL", "MSE", "log t"],
                results.Select(result => new[]
                {
                    result.Run, result.Manifold, result.Data, Invariant($"{result.Seed}"),
                    Invariant($"{result.Epochs}/{result.EpochsPlanned}"),
                    Invariant($"{result.Elbo:0.000}"), Invariant($"{result.Kl:0.000}"), Invariant($"{result.Mse:0.000000}"),
                    Invariant($"{result.LogT:0.000}"),
                }));
        }
        return ExitCodes.Success;
    }

    /// <summary>The runs among some paths. A shell makes paths of everything in a folder, so what is no run
    /// is left out, and said.</summary>
    private List<Result> Read(IReadOnlyList<string> all)
    {
        List<Result> results = [];
        Exception? last = null;
        foreach (string path in all)
        {
            try
            {
                results.Add(Read(path));
            }
            catch (Exception fault) when (Path.Exists(path) && fault is (UsageException or DataFormatException))
            {
                terminal.Note($"left out: {fault.Message}");
                last = fault;
            }
        }
        return results.Count > 0 || last is null
            ? results
            : throw new UsageException("none of these is a run with an epoch that is over.", last);
    }

    private static Result Read(string path)
    {
        var directory = new RunDirectory(path);
        RunConfig config = UsageException.Guard(directory.ReadConfig);
        EpochMetrics last = directory.ReadMetrics() is [.., var epoch]
            ? epoch
            : throw new UsageException($"'{path}' has no epoch that is over yet.");
        return new Result
        {
            Run = path,
            Manifold = config.Manifold,
            Data = config.Data,
            Seed = config.Training.Seed,
            Epochs = last.Epoch,
            EpochsPlanned = config.Training.Epochs,
            Elbo = last.Validation.Elbo,
            Kl = last.Validation.Kl,
            Mse = last.Validation.Mse,
            LogT = last.Validation.LogTime,
        };
    }

    private void WriteCsv(IEnumerable<Result> results)
    {
        using var table = CsvWriter.Create(terminal.Out, CsvFormat.Writing, leaveOpen: true);
        table.WriteRecord(["run", "manifold", "data", "seed", "epochs", "epochs_planned", "elbo", "kl", "mse", "log_t"]);
        foreach (Result result in results)
        {
            object[] fields =
                [result.Run, result.Manifold, result.Data, result.Seed, result.Epochs, result.EpochsPlanned, result.Elbo, result.Kl,
                    result.Mse, result.LogT];
            foreach (object field in fields)
            {
                table.WriteField(field);
            }
            table.EndRecord();
        }
    }

    /// <summary>A row of the comparison: the results of the last epoch, in nats per image and MSE per pixel.
    /// Its names are those of the JSON.</summary>
    private sealed class Result
    {
        public required string Run { get; init; }

        public required string Manifold { get; init; }

        public required string Data { get; init; }

        public required long Seed { get; init; }

        public required int Epochs { get; init; }

        public required int EpochsPlanned { get; init; }

        public required double Elbo { get; init; }

        public required double Kl { get; init; }

        public required double Mse { get; init; }

        public required double LogT { get; init; }
    }
}
