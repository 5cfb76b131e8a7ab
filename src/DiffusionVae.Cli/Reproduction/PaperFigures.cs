using DiffusionVae.Cli.Figures;
using DiffusionVae.Data;
using DiffusionVae.Reports;
using DiffusionVae.Runs;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>The figures of the paper that show what models have learnt, each from the runs it needs.</summary>
internal static class PaperFigures
{
    /// <summary>What they are called on the command line, and the folder of the runs that no table has.</summary>
    public const string Name = "figures";

    // Of the paper's pictures of many frequencies this alone is known: how much weight the higher ones have.
    private const string Several = "fourier:4,0.5,seed=1", Heavy = "fourier:10,0.7,seed=1", Light = "fourier:10,0.3,seed=1";

    private static readonly (int Number, string Caption, (string Manifold, string Data)[] Runs)[] All =
    [
        (1, "MNIST on a sphere and on a torus.", [("sphere:2", "mnist"), ("torus:2", "mnist")]),
        (3, "MNIST on SO(3) as RP^3, on the flat torus, on RP^2 and in R^3.", [("projective:3", "mnist"), ("torus:2", "mnist"), ("projective:2", "mnist"), ("euclidean:3", "mnist")]),
        (4, "Translations of the picture cos + cos, on the flat torus, which has their topology, and on the sphere, which has not.", [("torus:2", "fourier"), ("sphere:2", "fourier")]),
        (6, "Translations of a picture of several Fourier components on the flat torus.", [("torus:2", Several)]),
        (7, "Translations of a picture with much weight on high Fourier components on the flat torus.", [("torus:2", Heavy)]),
        (8, "Translations of a picture with not too much weight on high Fourier components on the flat torus.", [("torus:2", Light)]),
    ];

    /// <summary>The runs that the figures need: those that a table has too are that table's. They are trained, not judged.</summary>
    /// <param name="shared">What the runs on some data share, and their folder.</param>
    public static IReadOnlyList<PlannedRun> Cells(Func<string, (RunConfig Shared, ReproductionFolder Folder)> shared) =>
        [.. All.SelectMany(figure => figure.Runs).Distinct().Select(run => CellOf(run, shared))];

    /// <summary>Draws the figures whose runs are done, as PNG and SVG.</summary>
    /// <param name="cells">All runs that they need.</param>
    /// <param name="folder">Where to put them; it must exist.</param>
    public static IEnumerable<FigureFiles> Write(IReadOnlyList<PlannedRun> cells, string folder)
    {
        foreach ((int number, string caption, (string Manifold, string Data)[] runs) in All)
        {
            PlannedRun[] needed = [.. runs.Select(run => cells.Single(cell => (cell.Config.Manifold, cell.Config.Data) == run))];
            if (needed.All(cell => cell.IsDone))
            {
                Panel[] maps = [.. needed.Select(LatentMap)];
                yield return new Figure(FormattableString.Invariant($"figure-{number}"), caption, Panel.Column(maps)).Write(folder);
            }
        }
    }

    private static Panel LatentMap(PlannedRun cell)
    {
        using Run run = Run.Open(cell.Run.Root);
        using ImageData data = DataCatalogue.Parse(cell.Config.Data).Load();
        return FigureSet.LatentMap(run, data).Content.Titled($"{cell.Config.Manifold}, {cell.Config.Data}");
    }

    private static PlannedRun CellOf((string Manifold, string Data) run, Func<string, (RunConfig Shared, ReproductionFolder Folder)> shared)
    {
        (RunConfig config, ReproductionFolder folder) = shared(run.Data);
        return PlannedRun.Of(config, run.Manifold, config.Training.Seed, folder) with { IsForModel = true };
    }
}
