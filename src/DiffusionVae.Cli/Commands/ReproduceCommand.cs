using System.CommandLine;
using DiffusionVae.Cli.Output;
using DiffusionVae.Cli.Reproduction;
using DiffusionVae.Evaluation;

namespace DiffusionVae.Cli.Commands;

/// <summary>
/// <c>dvae reproduce</c>: reruns the tables and figures of the paper in several processes, and continues
/// where it was stopped.
/// </summary>
internal sealed class ReproduceCommand
{
    private readonly Terminal terminal;
    private readonly ReproduceOptions options = new();

    private ReproduceCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "reproduce",
        Summary = "Rerun the tables and figures of the paper.",
        Examples =
        [
            "dvae reproduce table1 --runs 3",
            "dvae reproduce table1 --runs 3 --part 1/2 --output shared/folder",
            "dvae reproduce table2 --manifolds torus,sphere,embedded-torus:3,0.6",
            "dvae reproduce table1 --preset paper --output as-the-authors-did",
            "dvae reproduce figures",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var reproduce = new ReproduceCommand(terminal);
        var command = new Command(
            Verb.Name,
            "Rerun the tables and figures of the paper. What is complete is not repeated, and what was cut off goes on: "
            + "give the same command again. Options of training hold for all runs.");
        reproduce.options.AddTo(command);
        command.SetAction(reproduce.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        PaperTable? table = options.Table(parsed);
        IReadOnlyList<PlannedRun> all = options.Runs(table, parsed);
        IReadOnlyList<PlannedRun> mine = options.Part(parsed).Take(all);
        ImportanceOptions effort = options.Effort(parsed);
        if (options.IsWorker(parsed))
        {
            return Work(mine, effort);
        }
        int code = RunWorkers(mine, parsed);
        string folder = options.Folder(parsed);
        if (table is not null)
        {
            new ReproducedTable(table, all, effort).Write(terminal.Out, folder);
        }
        else
        {
            Directory.CreateDirectory(folder);
            TextTable.Write(terminal.Out, [], PaperFigures.Write(all, folder).Select(figure => new[] { figure.Png, figure.Caption }));
        }
        return code;
    }

    /// <summary>Lets worker processes do the runs that are not done.</summary>
    private int RunWorkers(IReadOnlyList<PlannedRun> runs, ParseResult parsed)
    {
        int workers = Math.Min(runs.Count(run => !run.IsDone), options.Jobs(parsed));
        if (workers == 0)
        {
            return ExitCodes.Success;
        }
        using var interruption = new Interruption(terminal);
        int code = new WorkerPool(terminal, runs).Work(workers, ReproduceOptions.WorkerArguments(parsed), interruption.Token);
        return interruption.Token.IsCancellationRequested
            ? throw new StoppedException("stopped; the same command goes on from there.", interruption.ExitCode)
            : code;
    }

    /// <summary>Does runs as a worker process.</summary>
    private int Work(IReadOnlyList<PlannedRun> runs, ImportanceOptions effort)
    {
        using var lifetime = new ChildLifetime();
        using var worker = new Worker(terminal, effort);
        try
        {
            return worker.Work(runs, lifetime.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }
}
