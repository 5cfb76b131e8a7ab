using System.CommandLine;
using System.Text.RegularExpressions;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Reproduction;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Commands;

/// <summary>The options of <c>dvae reproduce</c>, and what they say when they were typed.</summary>
internal sealed partial class ReproduceOptions
{
    private const string WorkerOption = "--worker";
    private const string DefaultFolder = "reproduction";
    private const int DefaultRuns = 10;

    private static readonly string DefaultEpochs = string.Join(
        ", ", PaperTable.All.Select(table => Invariant($"{table.Epochs} for {table.Name}")));

    private readonly ConfigSources sources = new(ConfigOptions.Manifold, ConfigOptions.Epochs, ConfigOptions.Threads);

    private readonly Argument<string> subject = new("WHAT") { Description = $"What to reproduce: {string.Join(", ", Subjects)}" };

    private readonly Option<int> runs = TextOption.Create(
        "--runs",
        "N",
        Invariant($"Runs for each latent space, with as many seeds, from --seed on [default: {DefaultRuns}]"),
        ValueText.Int32);

    private readonly Option<int> epochs = TextOption.Create(
        ConfigOptions.Epochs,
        "N",
        $"Passes over the training images [default: {DefaultEpochs}; with --preset paper {RunConfig.Paper.Training.Epochs}]",
        ValueText.Int32);

    private readonly Option<string> manifolds = TextOption.Create(
        "--manifolds", "ID,ID,...", "Latent spaces, those of the paper or others [default: the paper's]", ValueText.Any);

    private readonly Option<Shard> part = TextOption.Create(
        "--part",
        "I/N",
        "Do every N-th run from the I-th on: N processes, on one machine or several, share the work through one folder",
        Shard.Parse);

    private readonly Option<int> jobs = TextOption.Create(
        "--jobs",
        "N",
        "Runs to do at the same time, each on a thread of its own [default: one for each core]",
        ValueText.Int32);

    private readonly Option<int> samples = TextOption.Create(
        "--samples",
        "L",
        "Samples for each image in the likelihood by importance sampling [default: 100, the paper's]",
        ValueText.Int32);

    private readonly Option<int> images = TextOption.Create(
        "--images", "K", "Estimate likelihoods for the first K images alone [default: all]", ValueText.Int32);

    private readonly Option<string> output = TextOption.Create(
        "--output", "DIR", $"The folder of all that is computed [default: {DefaultFolder}]", ValueText.Any);

    private readonly Option<bool> worker = new(WorkerOption) { Hidden = true };

    private static string[] Subjects { get; } = [.. PaperTable.All.Select(table => table.Name), PaperFigures.Name];

    public void AddTo(Command command)
    {
        subject.AcceptOnlyFromAmong(Subjects);
        manifolds.CompletionSources.Add(Completions.Manifolds);
        command.Arguments.Add(subject);
        foreach (Option option in (Option[])[runs, epochs, manifolds, part, jobs, samples, images, output, worker])
        {
            command.Options.Add(option);
        }
        sources.AddTo(command);
    }

    /// <summary>The table to reproduce; null for the figures.</summary>
    /// <exception cref="UsageException">Options of a table were given with the figures.</exception>
    public PaperTable? Table(ParseResult parsed)
    {
        bool ofTable = sources.Typed(parsed).Contains(ConfigOptions.Data) || parsed.IsTyped(manifolds) || parsed.IsTyped(runs);
        return parsed.GetValue(subject) == PaperFigures.Name && ofTable
            ? throw new UsageException(
                $"{ConfigOptions.Data}, {manifolds.Name} and {runs.Name} go with a table; the figures have their own.")
            : PaperTable.All.FirstOrDefault(table => table.Name == parsed.GetValue(subject));
    }

    /// <summary>The folder of the results.</summary>
    public string Folder(ParseResult parsed) => FolderOf(parsed.GetValue(subject)!, parsed);

    /// <summary>The runs of a table, for all seeds, or those of the figures.</summary>
    public IReadOnlyList<PlannedRun> Runs(PaperTable? table, ParseResult parsed)
    {
        if (table is null)
        {
            return PaperFigures.Runs(data => SharedOn(data, parsed));
        }
        string[] chosen = parsed.GetValue(manifolds) is { } typed
            ? [.. CommaBeforeName().Split(typed).Select(Canonical).Distinct()]
            : [.. table.Rows.Select(row => row.Manifold)];
        int seeds = AtLeastOne(parsed, runs, DefaultRuns);
        (RunConfig shared, ReproductionFolder folder) = Shared(table, parsed);
        return
        [
            .. from run in Enumerable.Range(0, seeds)
               from manifold in chosen
               select PlannedRun.Create(shared, manifold, shared.Training.Seed + run, folder),
        ];
    }

    /// <summary>The share of the runs that this process and its workers do.</summary>
    public Shard Part(ParseResult parsed) => parsed.GetValue(part) ?? Shard.Whole;

    /// <summary>The largest number of worker processes.</summary>
    public int Jobs(ParseResult parsed) => AtLeastOne(parsed, jobs, Environment.ProcessorCount);

    /// <summary>Whether this process is a worker of another.</summary>
    public bool IsWorker(ParseResult parsed) => parsed.GetValue(worker);

    /// <summary>The arguments that start a worker of this process.</summary>
    public static string[] WorkerArguments(ParseResult parsed) => [.. parsed.Tokens.Select(token => token.Value), WorkerOption];

    /// <summary>How the likelihood is estimated.</summary>
    public ImportanceOptions Effort(ParseResult parsed) => new()
    {
        Samples = AtLeastOne(parsed, samples, new ImportanceOptions().Samples),
        Images = parsed.IsTyped(images) ? AtLeastOne(parsed, images, 0) : null,
    };

    /// <summary>
    /// What all runs on some data share, and their folder. Runs on the data of a table belong to that table.
    /// </summary>
    private (RunConfig Shared, ReproductionFolder Folder) SharedOn(string data, ParseResult parsed)
    {
        if (PaperTable.All.FirstOrDefault(table => table.Data == data) is { } table)
        {
            return Shared(table, parsed);
        }
        (RunConfig shared, _) = Shared(PaperTable.TranslatedPicture, parsed);
        return (shared with { Data = data }, Folder(PaperFigures.Name, shared, parsed));
    }

    private (RunConfig Shared, ReproductionFolder Folder) Shared(PaperTable table, ParseResult parsed)
    {
        RunConfig preset = sources.Preset(parsed);
        int length = parsed.IsTyped(epochs) ? parsed.GetValue(epochs)
            : preset == RunConfig.Paper ? preset.Training.Epochs
            : table.Epochs;
        RunConfig basis = preset with { Data = table.Data, Threads = 1, Training = preset.Training with { Epochs = length } };
        // On one thread the numbers do not depend on how many runs are done at once.
        RunConfig shared = sources.Read(parsed, basis) with { Threads = 1 };
        UsageException.Guard(() => DataCatalogue.Parse(shared.Data));
        return (shared, Folder(table.Name, shared, parsed));
    }

    private ReproductionFolder Folder(string name, RunConfig shared, ParseResult parsed)
    {
        var folder = new ReproductionFolder(FolderOf(name, parsed));
        folder.Prepare(new ReproductionPlan(shared, Effort(parsed)));
        return folder;
    }

    private string FolderOf(string name, ParseResult parsed) => Path.Combine(parsed.GetValue(output) ?? DefaultFolder, name);

    private static string Canonical(string manifold) => UsageException.Guard(() => LatentSpace.Parse(manifold)).Id;

    private static int AtLeastOne(ParseResult parsed, Option<int> option, int usual) => !parsed.IsTyped(option) ? usual
        : parsed.GetValue(option) is >= 1 and var number ? number
        : throw new UsageException(Invariant($"{option.Name} is {parsed.GetValue(option)}; it must be at least 1."));

    /// <summary>
    /// A comma before a name. Commas also occur within ids, as in embedded-torus:3,0.6, but before numbers.
    /// </summary>
    [GeneratedRegex(",(?=[a-z])")]
    private static partial Regex CommaBeforeName();
}
