using DiffusionVae.Cli.Output;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// Where images lie in latent space, and beside it what the decoder makes of each place (paper, figures 1, 3,
/// 4, 6, 7 and 8).
/// </summary>
internal static class LatentMaps
{
    private const double LeastReach = 3;
    private const float SquareWidth = 340, WideWidth = 660, ThirdWidth = 220;

    /// <summary>A figure for each way to colour the points.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="points">Where the images are encoded, [count, n].</param>
    /// <param name="images">What the images are called.</param>
    /// <param name="colourings">At least one.</param>
    /// <param name="renderer">How decoded images look.</param>
    /// <param name="decode">From points [count, n] to images.</param>
    public static IEnumerable<Figure> Of(
        LatentSpace latent,
        Tensor points,
        string images,
        IReadOnlyList<Colouring> colourings,
        ImageRenderer renderer,
        Func<Tensor, float[][]> decode)
    {
        IReadOnlyList<LatentComponent> components = LatentComponent.Of(latent, points);
        for (int i = 0; i < colourings.Count; i++)
        {
            Colouring colouring = colourings[i];
            IEnumerable<Panel> maps = components.SelectMany(component =>
                Maps(component, points, colouring, renderer, component.Decoding(points, decode)));
            Panel content = Panel.Column(maps);
            if (colouring.Legend is { } legend)
            {
                content = Panel.Row([content, legend.Titled(colouring.What)]);
            }
            string name = i == 0 ? "latent-map" : Invariant($"latent-map-{i + 1}");
            yield return new Figure(name, string.Join(' ', Caption(latent, components, images, colouring)), content);
        }
    }

    private static IEnumerable<string> Caption(
        LatentSpace latent, IReadOnlyList<LatentComponent> components, string images, Colouring colouring)
    {
        string colours = colouring.What.Length > 0 ? $", coloured by {colouring.What}" : "";
        yield return $"{images} encoded in {latent.Id}{colours}; beside or below them, images decoded from there.";
        if (components.Any(component => component.Chart.Axes.Any(axis => axis.IsPeriodic || axis.IsTwisted)))
        {
            yield return "Edges with the same arrows are one.";
        }
        if (components.Any(component => component.Chart.Rim == ChartRim.Opposite))
        {
            yield return "Opposite points of a rim or of the surface of a ball are one.";
        }
        if (components.Any(component => component.Chart.Rim == ChartRim.OnePoint))
        {
            yield return "The surface of a ball is one point.";
        }
        if (components.Count > 1)
        {
            yield return "For each component the others are held where the first image has them.";
        }
    }

    private static IEnumerable<Panel> Maps(
        LatentComponent component, Tensor points, Colouring colouring, ImageRenderer renderer, Func<Tensor, float[][]>? decode)
    {
        Tensor own = component.Take(points);
        double[][] places = Rows.Of(component.Chart.ToCoordinates(own));
        double reach = Math.Max(decode is null ? 1e-6 : LeastReach, 1.02 * places.Max(place => place.Max(Math.Abs)));
        IReadOnlyList<ChartView> views = ChartView.Of(component.Chart, reach);
        float width = views.Count == 3 ? ThirdWidth : views[0].Aspect > 1.6 ? WideWidth : SquareWidth;
        Panel Named(ChartView view, string seen, Panel panel) =>
            view.Depth is { } axis ? panel.Titled($"{seen} {axis.Name}", TextOutline.Normal) : panel;
        Panel Row(string title, string seen, Func<ChartView, Panel> panel) =>
            Panel.Row(views.Select(view => Named(view, seen, panel(view))), 8).Titled(title);

        string title = $"images encoded in {component.Name}";
        Panel map = Row(title, "seen along", view => new CloudPanel(view, width, places, colouring.Colours));
        if (decode is null)
        {
            yield return map;
        }
        else
        {
            Panel grid = Row("images decoded from there", "the middle plane across", view => new TilePanel(view, width, renderer, decode));
            yield return width == SquareWidth ? Panel.Row([map, grid], 12) : Panel.Column([map, grid]);
        }
        // A chart that is true to size needs no second picture.
        if (!component.Chart.IsTrueToSize && component.Surfaces is [var surface, ..])
        {
            ChartView view = ChartView.Of(surface, reach, component.Chart)[0];
            yield return new CloudPanel(view, WideWidth, Rows.Of(surface.ToCoordinates(own)), colouring.Colours).Titled("in space");
        }
    }
}
