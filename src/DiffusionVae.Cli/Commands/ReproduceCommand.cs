using System.CommandLine;
using System.Text.RegularExpressions;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Cli.Reproduction;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae reproduce</c>: reruns the tables and figures of the paper, by as many processes as are
/// wanted, and goes on where it was stopped.</summary>
internal sealed partial class ReproduceCommand
{
    private const string WorkerOption = "--worker";
    private const string DefaultFolder = "reproduction";
    private const int DefaultRuns = 10;
    private static readonly string[] Subjects = [.. PaperTable.All.Select(table => table.Name), PaperFigures.Name];

    private readonly Terminal terminal;
    private readonly ConfigSources sources = new(ConfigOptions.Manifold, ConfigOptions.Epochs, ConfigOptions.Threads);
    private readonly Argument<string> subject = new("WHAT") { Description = $"What to reproduce: {string.Join(", ", Subjects)}" };
    private readonly Option<int> runs = TextOption.Create("--runs", "N", Invariant($"Runs for each latent space, with as many seeds, from --seed on [default: {DefaultRuns}]"), ValueText.Int32);
    private readonly Option<int> epochs = TextOption.Create(
        ConfigOptions.Epochs, "N",
        Invariant($"Passes over the training images [default: {string.Join(", ", PaperTable.All.Select(table => Invariant($"{table.Epochs} for {table.Name}")))}; with --preset paper {RunConfig.Paper.Training.Epochs}]"), ValueText.Int32);
    private readonly Option<string> manifolds = TextOption.Create("--manifolds", "ID,ID,...", "Latent spaces, those of the paper or others [default: the paper's]", ValueText.Any);
    private readonly Option<Shard> part = TextOption.Create("--part", "I/N", "Do every N-th run from the I-th on: N processes, on one machine or several, share the work through one folder", Shard.Parse);
    private readonly Option<int> jobs = TextOption.Create("--jobs", "N", "Runs to do at the same time, each on a thread of its own [default: one for each core]", ValueText.Int32);
    private readonly Option<int> samples = TextOption.Create("--samples", "L", "Samples for each image in the likelihood by importance sampling [default: 100, the paper's]", ValueText.Int32);
    private readonly Option<int> images = TextOption.Create("--images", "K", "Estimate likelihoods for the first K images alone [default: all]", ValueText.Int32);
    private readonly Option<string> output = TextOption.Create("--output", "DIR", $"The folder of all that is computed [default: {DefaultFolder}]", ValueText.Any);
    private readonly Option<bool> worker = new(WorkerOption) { Hidden = true };

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
            Verb.Name, "Rerun the tables and figures of the paper. What is complete is not repeated, and what was cut off goes on: give the same command again. Options of training hold for all runs.")
        {
            reproduce.subject, reproduce.runs, reproduce.epochs, reproduce.manifolds, reproduce.part, reproduce.jobs, reproduce.samples, reproduce.images, reproduce.output, reproduce.worker,
        };
        reproduce.subject.AcceptOnlyFromAmong(Subjects);
        reproduce.manifolds.CompletionSources.Add(Completions.Manifolds);
        reproduce.sources.AddTo(command);
        command.SetAction(reproduce.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        if (parsed.GetValue(subject) == PaperFigures.Name && (sources.Typed(parsed).Contains(ConfigOptions.Data) || parsed.IsTyped(manifolds) || parsed.IsTyped(runs)))
        {
            throw new UsageException($"{ConfigOptions.Data}, {manifolds.Name} and {runs.Name} go with a table; the figures have their own.");
        }
        PaperTable? table = PaperTable.All.FirstOrDefault(table => table.Name == parsed.GetValue(subject));
        string folder = Path.Combine(parsed.GetValue(output) ?? DefaultFolder, parsed.GetValue(subject)!);
        IReadOnlyList<PlannedRun> cells = table is not null ? CellsOf(table, parsed) : PaperFigures.Cells(data => SharedOn(data, parsed));
        IReadOnlyList<PlannedRun> mine = (parsed.GetValue(part) ?? Shard.Whole).Take(cells);
        if (parsed.GetValue(worker))
        {
            return Work(mine, Effort(parsed));
        }
        int code = RunWorkers(mine, parsed);
        if (table is not null)
        {
            new ReproducedTable(table, cells, Effort(parsed)).Write(terminal.Out, folder);
        }
        else
        {
            Directory.CreateDirectory(folder);
            TextTable.Write(terminal.Out, [], PaperFigures.Write(cells, folder).Select(figure => new[] { figure.Png, figure.Caption }));
        }
        return code;
    }

    private IReadOnlyList<PlannedRun> CellsOf(PaperTable table, ParseResult parsed)
    {
        string[] chosen = parsed.GetValue(manifolds) is { } typed ? [.. CommaBeforeName().Split(typed).Select(Canonical)] : [.. table.Rows.Select(row => row.Manifold)];
        int seeds = AtLeastOne(parsed, runs, DefaultRuns);
        (RunConfig shared, ReproductionFolder folder) = Shared(table, parsed);
        return
        [
            .. Enumerable.Range(0, seeds)
                .SelectMany(run => chosen.Distinct().Select(manifold => PlannedRun.Of(shared, manifold, shared.Training.Seed + run, folder))),
        ];
    }

    /// <summary>What runs on some data share, and where they are kept: those of a table with that
    /// table.</summary>
    private (RunConfig Shared, ReproductionFolder Folder) SharedOn(string data, ParseResult parsed)
    {
        if (PaperTable.All.FirstOrDefault(table => table.Data == data) is { } table)
        {
            return Shared(table, parsed);
        }
        (RunConfig shared, _) = Shared(PaperTable.TranslatedPicture, parsed);
        var folder = new ReproductionFolder(Path.Combine(parsed.GetValue(output) ?? DefaultFolder, PaperFigures.Name));
        folder.Hold(new ReproductionPlan(shared, Effort(parsed)));
        return (shared with { Data = data }, folder);
    }

    private (RunConfig Shared, ReproductionFolder Folder) Shared(PaperTable table, ParseResult parsed)
    {
        RunConfig preset = sources.Preset(parsed);
        int length = parsed.IsTyped(epochs) ? parsed.GetValue(epochs) : preset == RunConfig.Paper ? preset.Training.Epochs : table.Epochs;
        // On one thread the numbers do not depend on how many runs are done at once.
        RunConfig shared = sources.Read(parsed, preset with { Data = table.Data, Threads = 1, Training = preset.Training with { Epochs = length } }) with { Threads = 1 };
        UsageException.Guard(() => DataCatalogue.Parse(shared.Data));
        var folder = new ReproductionFolder(Path.Combine(parsed.GetValue(output) ?? DefaultFolder, table.Name));
        folder.Hold(new ReproductionPlan(shared, Effort(parsed)));
        return (shared, folder);
    }

    /// <summary>How the likelihood is estimated.</summary>
    private ImportanceOptions Effort(ParseResult parsed) =>
        new() { Samples = AtLeastOne(parsed, samples, new ImportanceOptions().Samples), Images = parsed.IsTyped(images) ? AtLeastOne(parsed, images, 0) : null };

    /// <summary>Has workers do what is left to do.</summary>
    private int RunWorkers(IReadOnlyList<PlannedRun> cells, ParseResult parsed)
    {
        int left = cells.Count(cell => !cell.IsDone);
        int workers = Math.Min(left, AtLeastOne(parsed, jobs, Environment.ProcessorCount));
        if (workers == 0)
        {
            return ExitCodes.Success;
        }
        using var interruption = new Interruption(terminal);
        int code = new WorkerPool(terminal, cells).Work(workers, [.. parsed.Tokens.Select(token => token.Value), WorkerOption], interruption.Token);
        return interruption.Token.IsCancellationRequested
            ? throw new StoppedException("stopped; the same command goes on from there.", interruption.ExitCode)
            : code;
    }

    /// <summary>What a worker does.</summary>
    private int Work(IReadOnlyList<PlannedRun> cells, ImportanceOptions effort)
    {
        using var leash = new ChildLifetime();
        using var doer = new Worker(terminal, effort);
        try
        {
            return doer.Work(cells, leash.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static string Canonical(string manifold) => UsageException.Guard(() => LatentSpace.Parse(manifold)).Id;

    private static int AtLeastOne(ParseResult parsed, Option<int> option, int usual) => !parsed.IsTyped(option) ? usual
        : parsed.GetValue(option) is >= 1 and var number ? number
        : throw new UsageException(Invariant($"{option.Name} is {parsed.GetValue(option)}; it must be at least 1."));

    /// <summary>Commas also stand within ids, as in embedded-torus:3,0.6, but there before numbers.</summary>
    [GeneratedRegex(",(?=[a-z])")]
    private static partial Regex CommaBeforeName();
}
