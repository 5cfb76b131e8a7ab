using DiffusionVae.Cli.Figures;
using DiffusionVae.Data;
using DiffusionVae.Reports;
using DiffusionVae.Runs;
using static System.FormattableString;

namespace DiffusionVae.Cli.Reproduction;

/// <summary>The figures of the paper that show latent spaces, each drawn from its runs.</summary>
internal static class PaperFigures
{
    /// <summary>The name on the command line, and the folder of the runs that belong to no table.</summary>
    public const string Name = "figures";

    // Of the paper's pictures of many frequencies only the weight of the higher ones is known.
    private const string Several = "fourier:4,0.5,seed=1", Heavy = "fourier:10,0.7,seed=1", Light = "fourier:10,0.3,seed=1";

    private static readonly (int Number, string Caption, (string Manifold, string Data)[] Runs)[] All =
    [
        (1, "MNIST on a sphere and on a torus.", [("sphere:2", "mnist"), ("torus:2", "mnist")]),
        (
            3,
            "MNIST on SO(3) as RP^3, on the flat torus, on RP^2 and in R^3.",
            [("projective:3", "mnist"), ("torus:2", "mnist"), ("projective:2", "mnist"), ("euclidean:3", "mnist")]),
        (
            4,
            "Translations of the picture cos + cos, on the flat torus, which has their topology, and on the sphere, which has not.",
            [("torus:2", "fourier"), ("sphere:2", "fourier")]),
        (6, "Translations of a picture of several Fourier components on the flat torus.", [("torus:2", Several)]),
        (7, "Translations of a picture with much weight on high Fourier components on the flat torus.", [("torus:2", Heavy)]),
        (
            8,
            "Translations of a picture with not too much weight on high Fourier components on the flat torus.",
            [("torus:2", Light)]),
    ];

    /// <summary>
    /// The runs that the figures need. Runs that a table has as well are shared with it. They are trained but
    /// not evaluated.
    /// </summary>
    /// <param name="shared">The shared configuration of the runs on some data, and their folder.</param>
    public static IReadOnlyList<PlannedRun> Runs(Func<string, (RunConfig Shared, ReproductionFolder Folder)> shared) =>
        [.. All.SelectMany(figure => figure.Runs).Distinct().Select(run => Plan(run, shared))];

    /// <summary>Draws the figures whose runs are done, as PNG and SVG.</summary>
    /// <param name="planned">All runs that the figures need.</param>
    /// <param name="folder">The destination, which must exist.</param>
    public static IEnumerable<FigureFiles> Write(IReadOnlyList<PlannedRun> planned, string folder)
    {
        foreach ((int number, string caption, (string Manifold, string Data)[] runs) in All)
        {
            PlannedRun[] needed = [.. runs.Select(run => planned.Single(other => (other.Config.Manifold, other.Config.Data) == run))];
            if (needed.All(run => run.IsDone))
            {
                Panel[] maps = [.. needed.Select(LatentMap)];
                yield return new Figure(Invariant($"figure-{number}"), caption, Panel.Column(maps)).Write(folder);
            }
        }
    }

    private static Panel LatentMap(PlannedRun planned)
    {
        using Run run = Run.Open(planned.Run.Root);
        using ImageData data = DataCatalogue.Parse(planned.Config.Data).Load();
        return FigureSet.LatentMap(run, data).Content.Titled($"{planned.Config.Manifold}, {planned.Config.Data}");
    }

    private static PlannedRun Plan(
        (string Manifold, string Data) run, Func<string, (RunConfig Shared, ReproductionFolder Folder)> shared)
    {
        (RunConfig config, ReproductionFolder folder) = shared(run.Data);
        return PlannedRun.Create(config, run.Manifold, config.Training.Seed, folder) with { IsForModel = true };
    }
}
