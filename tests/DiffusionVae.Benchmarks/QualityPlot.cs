using DiffusionVae.Cli.Figures;
using SkiaSharp;

namespace DiffusionVae.Benchmarks;

/// <summary>The ELBO against seconds, with the goal as a line: a plot for each latent space.</summary>
internal static class QualityPlot
{
    /// <summary>
    /// How far below the goal a plot begins, in nats: the first epochs are far lower, and what matters is the
    /// last nats.
    /// </summary>
    private const double Depth = 3;

    private static readonly SKColor[] Colours = [new(0x00, 0x72, 0xb2), new(0xd5, 0x5e, 0x00), new(0x00, 0x9e, 0x73)];

    /// <param name="latents">
    /// At least one latent space, the ELBO to exceed, and for each loop what it came to after each epoch.
    /// </param>
    public static Figure Of(IReadOnlyList<(string Latent, double Goal, IReadOnlyDictionary<string, List<QualityPoint>> Loops)> latents)
    {
        PlotPanel[] plots = [.. latents.Select(latent => Plot(latent.Goal, latent.Loops))];
        return new Figure(
            "time-to-quality", "The ELBO on the test images of MNIST, in nats per image, against the seconds of training.",
            Panel.Column([Panel.Row(plots.Zip(latents, (plot, latent) => plot.Titled(latent.Latent))), plots[0].Legend()]));
    }

    private static PlotPanel Plot(double goal, IReadOnlyDictionary<string, List<QualityPoint>> loops) => new("seconds",
    [
        .. loops.Select((loop, i) => new Curve(
            loop.Key, Colours[i % Colours.Length], [.. loop.Value.Select(point => (point.Seconds, Math.Max(point.Elbo, goal - Depth)))])),
        new Curve("the paper after 500 epochs", FigureCanvas.Faint, [(0, goal), (loops.Values.Max(points => points[^1].Seconds), goal)]),
    ]);
}
