using System.CommandLine;
using CsvHelper;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae encode RUN</c>: where images lie in latent space.</summary>
internal sealed class EncodeCommand
{
    private readonly Terminal terminal;
    private readonly RunArguments run = new();
    private readonly Option<string> data = TextOption.Create("--data", "ID", "The images [default: the run's]", ValueText.Any);
    private readonly Option<bool> train = new("--train") { Description = "The images to train on, not those to test on" };
    private readonly Option<string> output = TextOption.Create(
        "--output", "FILE",
        "Where to: a table (.csv) or the points alone, an array of shape [images, n] (.npy) [default: a table on standard output]", File);

    private EncodeCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "encode",
        Summary = "Encode images as points of the latent space.",
        Examples =
        [
            "dvae encode runs/sphere --output latents.csv",
            "dvae encode runs/sphere --data path/to/idx-folder --output points.npy",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var encode = new EncodeCommand(terminal);
        var command = new Command(
            Verb.Name, "Encode images: the point of each, log t, KL in nats, its label and true factors if they are known, as CSV.")
        {
            encode.run.Path, encode.data, encode.train, encode.output, encode.run.Device,
        };
        encode.data.CompletionSources.Add(Completions.DataSets);
        command.SetAction(encode.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        string? file = parsed.GetValue(output);
        if (file is not null)
        {
            AtomicFile.RequireWritable(file);
        }
        using OpenedRun opened = run.OpenWithData(parsed, parsed.GetValue(data));
        ImageSet images = parsed.GetValue(train) ? opened.Data.Train : opened.Data.Test;
        using EncodedImages encoded = opened.Run.Encode(images);
        if (file is null)
        {
            using var csv = CsvWriter.Create(terminal.Out, CsvFormat.Writing, leaveOpen: true);
            Write(csv, EncodedImage.From(encoded, images));
            return ExitCodes.Success;
        }
        AtomicFile.Write(file, stream =>
        {
            if (IsArray(file))
            {
                NpyWriter.Write(stream, encoded.Mean.shape, Rows.OfSingles(encoded.Mean));
                return;
            }
            using var csv = CsvWriter.Create(stream, CsvFormat.Writing, leaveOpen: true);
            Write(csv, EncodedImage.From(encoded, images));
        });
        terminal.Out.WriteLine(file);
        return ExitCodes.Success;
    }

    private static void Write(CsvWriter csv, IEnumerable<EncodedImage> images)
    {
        foreach (EncodedImage image in images)
        {
            if (image.Index == 0)
            {
                csv.WriteRecord([.. image.Columns()]);
            }
            image.Write(csv);
        }
    }

    private static bool IsArray(string file) => file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static string File(string text) =>
        IsArray(text) || text.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? text
            : throw new FormatException("a file that ends in .csv or .npy");
}
