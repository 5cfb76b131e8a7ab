using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae train</c>: trains a model, shows how it goes, and leaves a run directory; or takes up one
/// that was interrupted.</summary>
internal sealed class TrainCommand
{
    private readonly Terminal terminal;
    private readonly ConfigSources sources = new();
    private readonly Option<string> output = TextOption.Create(
        "--output", "DIR", "The run directory, new or empty [default: runs/MANIFOLD-DATA-seedN, with a number behind it when taken]",
        ValueText.Any);
    private readonly Option<string> resume = TextOption.Create(
        "--resume", "RUN", "Take up a run that was interrupted, as its config.json says; --data may say where its data are now",
        ValueText.Any);
    private readonly Option<double> interval = TextOption.Create(
        "--checkpoint-seconds", "X",
        "At least so long between two checkpoints, which are written between epochs "
        + FormattableString.Invariant($"[default: {Run.CheckpointInterval.TotalSeconds}]"),
        ValueText.Seconds);

    private readonly Option<bool> tensorBoard =
        new("--tensorboard") { Description = "Also write every epoch for TensorBoard, into the folder tensorboard of the run" };
    private readonly Option<bool> noFigures =
        new("--no-figures") { Description = "Draw no figures at the end; dvae report draws them later" };
    private readonly Option<bool> json = new("--json") { Description = "Print the results of the run as JSON, as evaluate does" };

    private TrainCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "train",
        Summary = "Train an autoencoder and write a run directory.",
        Examples =
        [
            "dvae train --manifold torus",
            "dvae train --manifold sphere:2*torus:1 --data path/to/idx-folder --epochs 30",
            "dvae train --preset paper --manifold rp3 --log-t-bounds -8.75,-3.75 --output runs/rp3-paper",
            "dvae train --config runs/torus-2-mnist-seed0/config.json --seed 1",
            "dvae train --resume runs/torus-2-mnist-seed0",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var train = new TrainCommand(terminal);
        var command = new Command(Verb.Name, "Train an autoencoder and write a run directory: configuration, metrics, weights, figures.");
        train.sources.AddTo(command);
        command.Options.Add(train.output);
        command.Options.Add(train.resume);
        command.Options.Add(train.interval);
        command.Options.Add(train.tensorBoard);
        command.Options.Add(train.noFigures);
        command.Options.Add(train.json);
        command.SetAction(train.Execute);
        return command;
    }

    private int Execute(ParseResult parsed) => parsed.GetValue(resume) is { } interrupted ? Resume(parsed, interrupted) : Begin(parsed);

    private int Begin(ParseResult parsed)
    {
        RunConfig config = sources.Read(parsed);
        config.RequireFactory(null, "the configuration");
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(config.Data));
        RequireDevice(config);
        LatentSpace latent = sources.CreateLatentSpace(config, parsed);
        string? chosen = parsed.GetValue(output);
        if (chosen is not null)
        {
            new RunDirectory(chosen).RequireFree();
        }
        using var interruption = new Interruption(terminal);
        using ImageData data = source.Load();
        new DataDescription(data).Note(terminal);
        config.RequireMatches(data);
        config = WithRepeats(config, parsed, data);
        string directory = chosen ?? RunNames.Free(latent.Id, data.Name, config.Training.Seed);
        var watch = new RunWatch(terminal, directory, config.Training.Epochs);
        using Run run = Train(watch, config, data, parsed.GetValue(tensorBoard), interruption, observer =>
            Run.Train(config, data, directory, observer, Interval(parsed), interruption.Token));
        return Report(parsed, run, data, source.Id);
    }

    private int Resume(ParseResult parsed, string directory)
    {
        string[] others = [.. sources.Typed(parsed).Concat(parsed.IsTyped(output) ? [output.Name] : []).Except([ConfigOptions.Data])];
        if (others.Length > 0)
        {
            throw new UsageException(
                $"--resume takes everything from the run's config.json, and so cannot be given with {string.Join(", ", others)}. "
                + $"To train with other values, begin another run, with --config {Path.Combine(directory, "config.json")}.");
        }
        RunConfig config = UsageException.Guard(() => new RunDirectory(directory).ReadConfig());
        config.RequireFactory(null, $"the run in '{directory}'");
        DataSource? moved = sources.Typed(parsed).Contains(ConfigOptions.Data)
            ? UsageException.Guard(() => DataCatalogue.Parse(sources.Read(parsed, config).Data))
            : null;
        RequireDevice(config);
        using var interruption = new Interruption(terminal);
        var found = new RunDirectory(directory);
        (ImageData loaded, string id) = moved is null ? RunData.Load(found, config) : RunData.LoadMoved(found, config, moved);
        using ImageData data = loaded;
        config.RequireMatches(data);
        // Once begun, the log goes on.
        bool logs = parsed.GetValue(tensorBoard) || Directory.Exists(found.TensorBoard);
        var watch = new RunWatch(terminal, directory, config.Training.Epochs);
        using Run run = Train(watch, config, data, logs, interruption, observer =>
            Run.Resume(directory, data, observer, Interval(parsed), interruption.Token));
        if (!watch.HasResumed)
        {
            if (parsed.GetValue(tensorBoard))
            {
                new TensorBoardLog(directory).Rewrite();
            }
            string same = ShellText.Quote(found.Config);
            terminal.Note("the run is complete; nothing was left to train.");
            terminal.Note($"to train longer, begin another run, with more epochs: dvae train --config {same} --epochs N --output DIR");
        }
        return Report(parsed, run, data, id);
    }

    /// <summary>Few images are passed over several times in an epoch, where the length of the run was not
    /// chosen.</summary>
    private RunConfig WithRepeats(RunConfig config, ParseResult parsed, ImageData data)
    {
        string[] lengths = [ConfigOptions.Epochs, ConfigOptions.Repeats, ConfigSources.FileName, ConfigSources.PresetName];
        if (sources.Typed(parsed).Intersect(lengths).Any())
        {
            return config;
        }
        using Split split = UsageException.Guard(() => Split.Create(data, config.HoldOut));
        return config with
        {
            Training = config.Training with { Repeats = TrainingOptions.RepeatsFor(split.Train.Count, config.Training.BatchSize) },
        };
    }

    /// <summary>Asks for the device before anything is computed, as TorchSharp requires for CUDA.</summary>
    private static void RequireDevice(RunConfig config) => UsageException.Guard(() => Devices.Parse(config.Device));

    private Run Train(
        RunWatch watch, RunConfig config, ImageData data, bool logs, Interruption interruption, Func<ITrainingObserver, Run> train)
    {
        try
        {
            return TrainingProgress.Show(
                terminal, config, data,
                progress => train(new ObserverList(watch, logs ? new TensorBoardLog(watch.Directory) : null, progress)));
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException(watch.Stopped(), interruption.ExitCode);
        }
        catch (Exception fault) when (watch.Kept(fault) is { } kept)
        {
            terminal.Note(kept);
            throw;
        }
    }

    private int Report(ParseResult parsed, Run run, ImageData data, string id)
    {
        RunEvaluation evaluation = run.Evaluate(data);
        bool hasFigures = !parsed.GetValue(noFigures);
        if (hasFigures)
        {
            FigureSet.Write(run, data, run.Directory.Figures);
        }
        if (parsed.GetValue(json))
        {
            terminal.Out.WriteLine(JsonText.Of(EvaluationReport.ForPrograms(run, evaluation, id)));
            return ExitCodes.Success;
        }
        EvaluationReport.Write(terminal.Out, run, evaluation);
        if (hasFigures)
        {
            ResultLine.Write(terminal.Out, "figures", run.Directory.Figures);
        }
        ResultLine.Write(terminal.Out, "run", run.Directory.Root);
        return ExitCodes.Success;
    }

    private TimeSpan? Interval(ParseResult parsed) => parsed.IsTyped(interval) ? TimeSpan.FromSeconds(parsed.GetValue(interval)) : null;
}
