using DiffusionVae.Cli.Output;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>Where images lie in latent space, and beside it what the decoder makes of each place (paper, figures 1, 3, 4, 6, 7 and 8).</summary>
internal static class LatentMaps
{
    private const double LeastReach = 3;
    private const float SquareWidth = 340, WideWidth = 660, ThirdWidth = 220;

    /// <summary>A figure for each way to colour the points.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">Where the images are encoded, [count, n].</param>
    /// <param name="images">What the images are called.</param>
    /// <param name="colourings">At least one.</param>
    /// <param name="pictures">How decoded images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public static IEnumerable<Figure> Of(
        LatentSpace latent, Tensor points, string images, IReadOnlyList<Colouring> colourings, Pictures pictures, Func<Tensor, float[][]> decode)
    {
        LatentComponent[] factors = [.. LatentComponent.Of(latent, points)];
        for (int i = 0; i < colourings.Count; i++)
        {
            Colouring colouring = colourings[i];
            Panel[] maps = [.. factors.SelectMany(factor => Maps(factor, points, colouring, pictures, factor.Decoding(points, decode)))];
            Panel content = Panel.Column(maps);
            if (colouring.Legend is { } legend)
            {
                content = Panel.Row([content, legend.Titled(colouring.What)]);
            }
            yield return new Figure(
                i == 0 ? "latent-map" : FormattableString.Invariant($"latent-map-{i + 1}"), string.Join(' ', Caption(latent, factors, images, colouring)), content);
        }
    }

    private static IEnumerable<string> Caption(LatentSpace latent, LatentComponent[] factors, string images, Colouring colouring)
    {
        yield return $"{images} encoded in {latent.Id}{(colouring.What.Length > 0 ? $", coloured by {colouring.What}" : "")}; beside or below them, images decoded from there.";
        if (factors.Any(factor => factor.Chart.Axes.Any(axis => axis.IsPeriodic)))
        {
            yield return "Edges with the same arrows are one.";
        }
        if (factors.Any(factor => factor.Chart.Kind is ChartKind.Disc or ChartKind.Ball))
        {
            yield return "Opposite points of a rim or of the surface of a ball are one.";
        }
        if (factors.Length > 1)
        {
            yield return "For each factor the others are held where the first image has them.";
        }
    }

    private static IEnumerable<Panel> Maps(LatentComponent factor, Tensor points, Colouring colouring, Pictures pictures, Func<Tensor, float[][]>? decode)
    {
        Tensor own = factor.Take(points);
        double[][] places = Rows.Of(factor.Chart.ToCoordinates(own));
        double reach = Math.Max(decode is null ? 1e-6 : LeastReach, 1.02 * places.Max(place => place.Max(Math.Abs)));
        IReadOnlyList<ChartView> views = ChartView.Of(factor.Chart, reach);
        float width = views.Count == 3 ? ThirdWidth : views[0].Aspect > 1.6 ? WideWidth : SquareWidth;
        Panel map = Panel.Row(views.Select(view => Named("seen along", view, new CloudPanel(view, width, places, colouring.Colours))), 8).Titled($"images encoded in {factor.Name}");
        if (decode is null)
        {
            yield return map;
        }
        else
        {
            Panel grid = Panel.Row(views.Select(view => Named("the middle plane across", view, new TilePanel(view, width, pictures, decode))), 8).Titled("images decoded from there");
            yield return width == SquareWidth ? Panel.Row([map, grid], 12) : Panel.Column([map, grid]);
        }
        if (factor.Surface is { } surface)
        {
            yield return new CloudPanel(ChartView.Of(surface, reach, factor.Chart)[0], WideWidth, Rows.Of(surface.ToCoordinates(own)), colouring.Colours).Titled("in space");
        }
    }

    private static Panel Named(string what, ChartView view, Panel panel) => view.Depth is { } axis ? panel.Titled($"{what} {axis.Name}", Lettering.Normal) : panel;
}
