using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using static System.FormattableString;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae data</c>: which data sets there are; with one named, where it is and whether it is whole.</summary>
internal sealed class DataCommand
{
    private readonly Terminal terminal;
    private readonly Argument<string?> id = new("ID") { Description = "A data set to check: a name, a folder or a file", Arity = ArgumentArity.ZeroOrOne };

    private DataCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var data = new DataCommand(terminal);
        var command = new Command("data", "List the data sets that have a name, or check one.") { data.id };
        data.id.CompletionSources.Add(Completions.DataSets);
        command.SetAction(parsed => parsed.GetValue(data.id) is { } id ? data.Check(id) : data.List());
        return command;
    }

    private int List()
    {
        string[][] paths =
        [
            ["FOLDER", "a folder of IDX files, gzipped or not, named as those of MNIST; or of PNG images, in folders train and test"],
            ["FOLDER:N", "a folder of PNG images alone, the last N to test on; without :N the last tenth"],
            ["FILE.npy:N", "a NumPy array [count, height, width] of bytes or floats, likewise"],
        ];
        TextTable.Write(terminal.Out, [], [.. DataCatalogue.Entries.Select(entry => new[] { entry.Usage, entry.Description }), .. paths]);
        return ExitCodes.Success;
    }

    private int Check(string id)
    {
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(id));
        using ImageData data = source.Load();
        terminal.Out.WriteLine(Invariant($"images     {data.Train.Count} to train on, {data.Test.Count} to test on, of {data.Height} by {data.Width} pixels"));
        terminal.Out.WriteLine($"labels     {(data.Train.Labels is null ? "none" : "yes")}");
        if (id == "mnist" && Mnist.Find() is { } folder)
        {
            terminal.Out.WriteLine($"folder     {folder}");
            if (Mnist.Verify(folder) is { Count: > 0 } problems)
            {
                throw new DataFormatException(folder, string.Join(Environment.NewLine, problems));
            }
            terminal.Out.WriteLine("checksums  as published (SHA-256 of the four files)");
        }
        return ExitCodes.Success;
    }
}
