using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae train</c>: trains a model, shows how it goes, and leaves a run directory.</summary>
internal sealed class TrainCommand
{
    private readonly Terminal terminal;
    private readonly ConfigSources sources = new();
    private readonly Option<string> output = TextOption.Create(
        "--output", "DIR", "The run directory, new or empty [default: runs/MANIFOLD-DATA-seedN, with a number behind it when taken]", ValueText.Any);

    private TrainCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var train = new TrainCommand(terminal);
        var command = new Command("train", "Train an autoencoder and write a run directory: configuration, metrics, weights, figures.");
        train.sources.AddTo(command);
        command.Options.Add(train.output);
        command.SetAction(train.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        RunConfig config = sources.Read(parsed);
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(config.Data));
        LatentSpace latent = sources.CreateLatentSpace(config, parsed);
        UsageException.Guard(() => Devices.Parse(config.Device));
        string? chosen = parsed.GetValue(output);
        if (chosen is not null)
        {
            new RunDirectory(chosen).RequireFree();
        }
        using var interruption = new Interruption(terminal);
        using ImageData data = source.Load();
        UsageException.Guard(() => config.RequireFits(data));

        string directory = chosen ?? RunNames.Free(latent.Id, data.Name, config.Training.Seed);
        using Run run = Train(config, data, directory, interruption);
        Elbo test = run.History[^1].Test;
        FigureSet.Write(run, data);
        ElboReport.Write(terminal.Out, run, test, data.Name, config.HoldOut > 0);
        terminal.Out.WriteLine($"figures    {run.Directory.Figures}");
        terminal.Out.WriteLine($"run        {run.Directory.Root}");
        return ExitCodes.Success;
    }

    private Run Train(RunConfig config, ImageData data, string directory, Interruption interruption)
    {
        var count = new EpochCount();
        try
        {
            return TrainingProgress.Show(terminal, config, observer => Run.Train(config, data, directory, count.Before(observer), interruption.Token));
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException($"stopped in epoch {count.Done + 1} of {config.Training.Epochs}; {count.Kept(directory)}", interruption.ExitCode);
        }
        catch (Exception fault) when (fault is TrainingDivergedException || count.Done > 0)
        {
            terminal.Note(count.Kept(directory));
            throw;
        }
    }
}
