using DiffusionVae.Cli.Figures;
using SkiaSharp;

namespace DiffusionVae.Cli.Report;

/// <summary>What the colours of images in a page mean, as its <c>legend.js</c> reads it.</summary>
/// <param name="What">
/// What decides the colour, such as <c>label</c>; empty if all images have the same.
/// </param>
/// <param name="Entries">If labels decide: which labels have which colour.</param>
/// <param name="Picture">
/// Otherwise: a picture of all colours, as an address; null if there is one colour alone.
/// </param>
internal sealed record Legend(string What, IReadOnlyList<Legend.Entry>? Entries, string? Picture)
{
    private const int PixelsPerPoint = 2;
    private const float Margin = 10;

    /// <param name="colouring">The colours.</param>
    /// <param name="labels">The labels of the images; null if they do not decide.</param>
    /// <param name="nameOf">The name of a label.</param>
    public static Legend Of(Colouring colouring, IEnumerable<long>? labels, Func<long, string> nameOf) => labels is not null
        ? new Legend(colouring.What, EntriesOf(labels, nameOf), null)
        : new Legend(colouring.What, null, colouring.Legend is { } panel ? PageText.Address("image/png", Draw(panel)) : null);

    private static Entry[] EntriesOf(IEnumerable<long> labels, Func<long, string> nameOf) =>
        [.. labels.Distinct().Order().GroupBy(LabelColours.Of).Select(group => Entry.Of(group.Key, [.. group], nameOf))];

    private static byte[] Draw(Panel panel)
    {
        SKSize size = panel.Size + new SKSize(2 * Margin, 2 * Margin);
        using var surface = SKSurface.Create(new SKImageInfo((int)(size.Width * PixelsPerPoint), (int)(size.Height * PixelsPerPoint)));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(PixelsPerPoint);
        panel.Draw(new FigureCanvas(surface.Canvas, int.MaxValue), new SKPoint(Margin, Margin));
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <param name="Name">The labels, to read.</param>
    /// <param name="Colour">As a style sheet has it.</param>
    /// <param name="Labels">The labels that have the colour.</param>
    internal sealed record Entry(string Name, string Colour, IReadOnlyList<long> Labels)
    {
        public static Entry Of(SKColor colour, IReadOnlyList<long> labels, Func<long, string> nameOf) => new(
            string.Join(", ", labels.Select(nameOf)),
            $"rgb({colour.Red} {colour.Green} {colour.Blue})",
            labels);
    }
}
