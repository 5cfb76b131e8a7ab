using DiffusionVae.LatentSpaces;
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
        LatentFactor[] factors = [.. LatentFactor.Of(latent, points)];
        for (int i = 0; i < colourings.Count; i++)
        {
            Colouring colouring = colourings[i];
            Panel[] maps = [.. factors.SelectMany(factor => Maps(factor, points, colouring, pictures, factor.Decoding(points, decode)))];
            Panel content = Panel.Column(maps);
            if (colouring.Legend is { } legend)
            {
                content = Panel.Row([content, legend.Titled(colouring.What)]);
            }
            string coloured = colouring.What.Length > 0 ? $", coloured by {colouring.What}" : "";
            yield return new Figure(
                i == 0 ? "latent-map" : FormattableString.Invariant($"latent-map-{i + 1}"),
                $"{images} in {latent.Id}{coloured}; beside or below them, images decoded from the places of the same chart"
                + (factors.Any(factor => factor.Chart.Axes.Count == 3) ? " (from the plane through its middle)" : "")
                + (factors.Length > 1 ? ", with the other factors at the first image's" : "") + ".",
                content);
        }
    }

    private static IEnumerable<Panel> Maps(LatentFactor factor, Tensor points, Colouring colouring, Pictures pictures, Func<Tensor, float[][]>? decode)
    {
        Tensor own = factor.Take(points);
        double[][] places = Rows(factor.Chart.ToCoordinates(own));
        double reach = Math.Max(LeastReach, places.Max(place => place.Max(Math.Abs)) * 1.02);
        IReadOnlyList<ChartView> views = ChartView.Of(factor.Chart, reach);
        float width = views.Count == 3 ? ThirdWidth : views[0].Aspect > 1.6 ? WideWidth : SquareWidth;
        Panel map = Panel.Row(views.Select(view => Named(new CloudPanel(view, width, places, colouring.Colours), view)), 8).Titled($"encoded: {factor.Name}");
        if (decode is null)
        {
            yield return map;
        }
        else
        {
            Panel grid = Panel.Row(views.Select(view => Named(new TilePanel(view, width, pictures, decode), view)), 8).Titled("decoded");
            yield return width == SquareWidth ? Panel.Row([map, grid], 12) : Panel.Column([map, grid]);
        }
        if (factor.Surface is { } surface)
        {
            yield return new CloudPanel(ChartView.Of(surface, reach, factor.Chart)[0], WideWidth, Rows(surface.ToCoordinates(own)), colouring.Colours).Titled("in space");
        }
    }

    private static Panel Named(Panel panel, ChartView view) => view.Title.Length > 0 ? panel.Titled(view.Title) : panel;

    private static double[][] Rows(Tensor coordinates) => [.. coordinates.cpu().contiguous().data<double>().ToArray().Chunk((int)coordinates.size(-1))];
}
