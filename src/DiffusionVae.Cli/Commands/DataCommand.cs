using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae data</c>: which data sets there are; with one named, where it is and whether it is
/// whole.</summary>
internal sealed class DataCommand
{
    private readonly Terminal terminal;
    private readonly Argument<string?> id =
        new("ID") { Description = "A data set to check: a name, a folder or a file", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> json = new("--json") { Description = "Print as JSON" };

    private DataCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "data",
        Summary = "List the data sets there are, or check one.",
        Examples =
        [
            "dvae data",
            "dvae data mnist",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var data = new DataCommand(terminal);
        var command = new Command(Verb.Name, "List the data sets that have a name, or check one.") { data.id, data.json };
        data.id.CompletionSources.Add(Completions.DataSets);
        command.SetAction(parsed =>
            parsed.GetValue(data.id) is { } id ? data.Check(id, parsed.GetValue(data.json)) : data.List(parsed.GetValue(data.json)));
        return command;
    }

    private int List(bool asJson)
    {
        (string Usage, string Description)[] rows =
        [
            .. DataCatalogue.Entries.Select(entry => (entry.Usage, entry.Description)),
            ("FOLDER", "a folder of IDX files, gzipped or not, named as those of MNIST; or of images, in folders train and test"),
            ("FOLDER:N", "a folder of images (PNG, JPEG), or of a folder for each class, the last N to test on; without :N the last tenth"),
            ("FILE.npy:N", "a NumPy array of vectors [count, features] or images [count, height, width], with 1 or 3 channels; likewise"),
            ("FILE.npy:labels=OTHER", "the same with a file of labels beside it: integers (.npy), or a table of one column (.csv)"),
            ("FILE.csv:N", "a table, a row for each vector, or for each image by a column of file names; likewise"),
            ("FILE.csv:label=COLUMN", "the same with a column of labels; more options with commas: test=N, header=yes, header=no"),
        ];
        if (asJson)
        {
            terminal.Out.WriteLine(JsonText.Of(rows.Select(row => new { row.Usage, row.Description })));
        }
        else
        {
            TextTable.Write(terminal.Out, [], rows.Select(row => new[] { row.Usage, row.Description }));
        }
        return ExitCodes.Success;
    }

    private int Check(string id, bool asJson)
    {
        DataSource source = UsageException.Guard(() => DataCatalogue.Parse(id));
        using ImageData data = source.Load();
        string? folder = id == "mnist" ? Mnist.Find() : null;
        var description = new DataDescription(data);
        if (!asJson)
        {
            description.Write(terminal.Out);
        }
        if (folder is not null && Mnist.Verify(folder) is { Count: > 0 } problems)
        {
            throw new DataFormatException(folder, string.Join(Environment.NewLine, problems));
        }
        if (asJson)
        {
            terminal.Out.WriteLine(JsonText.Of(description.ForPrograms(id, folder)));
        }
        else if (folder is not null)
        {
            ResultLine.Write(terminal.Out, "folder", folder);
            ResultLine.Write(terminal.Out, "checksums", "as published (SHA-256 of the four files)");
        }
        return ExitCodes.Success;
    }
}
