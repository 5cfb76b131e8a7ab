using System.CommandLine;
using DiffusionVae.Cli.Configuration;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Cli.Output;
using DiffusionVae.Manifolds;
using DiffusionVae.Runs;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Commands;

/// <summary><c>dvae decode RUN</c>: images of given points, or of a grid over the latent space.</summary>
internal sealed class DecodeCommand
{
    private const int DefaultGrid = 20;
    private const int MostGrid = 10_000;
    private const double Reach = 3;
    private readonly Terminal terminal;
    private readonly RunArguments run = new();
    private readonly Option<string> points = TextOption.Create(
        "--points", "FILE",
        "The points: a table (.csv) with the columns z1, z2, ..., as encode writes it; those of the manifold that are nearest are taken",
        ValueText.Any);
    private readonly Option<int> grid = TextOption.Create(
        "--grid", "N",
        "In place of points: N images across a chart of the latent space, blank beside it "
        + FormattableString.Invariant($"(between 1 and {MostGrid}) [default: {DefaultGrid}]"),
        ValueText.Int32);
    private readonly Option<ImageOutput> output = TextOption.Create(
        "--output", "FILE",
        "Where to: a sheet (.png) or an array of shape [images, height, width] (.npy) [default: decoded.png in the run's directory]",
        ImageOutput.Parse);

    private DecodeCommand(Terminal terminal) => this.terminal = terminal;

    public static Verb Verb => new()
    {
        Name = "decode",
        Summary = "Decode given points, or a grid over the latent space.",
        Examples =
        [
            "dvae decode runs/sphere --grid 30 --output grid.png",
            "dvae decode runs/sphere --points latents.csv --output decoded.npy",
        ],
        Create = Create,
    };

    private static Command Create(Terminal terminal)
    {
        var decode = new DecodeCommand(terminal);
        var command = new Command(Verb.Name, "Decode points of the latent space.") { decode.run.Path, decode.points, decode.grid,
            decode.output, decode.run.Device };
        command.SetAction(decode.Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        using Run opened = run.Open(parsed);
        ImageOutput? named = parsed.GetValue(output);
        ImageOutput file = named ?? new ImageOutput(Path.Combine(opened.Directory.Root, "decoded.png"));
        OutputPlace.Guard(named is not null, file.Path, () => Interruption.Run(terminal, stop => Write(parsed, opened, file, stop)));
        terminal.Out.WriteLine(file.Path);
        return ExitCodes.Success;
    }

    private void Write(ParseResult parsed, Run opened, ImageOutput file, Interruption stop)
    {
        if (parsed.GetValue(points) is not { } table)
        {
            WriteGrid(opened, parsed.IsTyped(grid) ? parsed.GetValue(grid) : DefaultGrid, file, stop);
        }
        else if (parsed.IsTyped(grid))
        {
            throw new UsageException("--grid takes the place of --points; give one of them.");
        }
        else if (!File.Exists(table))
        {
            throw new UsageException($"--points: there is no file '{table}'.");
        }
        else
        {
            IEnumerable<float[]> given = PointsFile.Read(table, opened.Model.Latent.AmbientDimension);
            file.Write(given.LongCount(), () => stop.Heeded(opened.Batched.Decode(given)), opened.Shape);
        }
    }

    private static void WriteGrid(Run run, int columns, ImageOutput file, Interruption stop)
    {
        if (columns is < 1 or > MostGrid)
        {
            throw new UsageException(FormattableString.Invariant($"--grid is {columns}; it must lie between 1 and {MostGrid}."));
        }
        Chart chart = LatentComponent.WholeChart(run.Model.Latent)
            ?? throw new UsageException($"{run.Model.Latent.Id} has no chart to lay a grid over; give points with --points.");
        Lattice lattice = ChartView.Of(chart, Reach)[0].Lattice(columns);
        file.Write(lattice.Centres.Count, () => stop.Heeded(Decoded(run, lattice)), run.Shape, columns);
    }

    /// <summary>The images of the places of a grid, row by row; without pixels where a place is not of the
    /// manifold.</summary>
    private static IEnumerable<float[]> Decoded(Run run, Lattice lattice)
    {
        (float[][] places, bool[] inside) = Points(lattice);
        using IEnumerator<float[]> images = run.Batched.Decode(places.Where((_, i) => inside[i])).GetEnumerator();
        foreach (bool shown in inside)
        {
            yield return shown && images.MoveNext() ? images.Current : [];
        }
    }

    private static (float[][] Points, bool[] Inside) Points(Lattice lattice)
    {
        using var scope = NewDisposeScope();
        (Tensor points, Tensor inside) = lattice.ToPoints();
        return (Rows.OfSingles(points), inside.data<bool>().ToArray());
    }
}
