using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Which label has which colour.</summary>
/// <param name="labels">The labels.</param>
/// <param name="nameOf">The name of each.</param>
internal sealed class LabelLegend(IReadOnlyList<long> labels, Func<long, string> nameOf) : Panel
{
    private const float LineHeight = 22;

    /// <summary>Labels that share a colour share a line.</summary>
    private readonly (SKColor Colour, string Text)[] lines =
        [.. labels.GroupBy(LabelColours.Of).Select(group => (group.Key, string.Join(", ", group.Select(nameOf))))];

    public override SKSize Size => new(24 + lines.Max(line => TextOutline.Width(line.Text, TextOutline.Normal)), lines.Length * LineHeight);

    public override void Draw(FigureCanvas canvas, SKPoint topLeft)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            float middle = topLeft.Y + ((i + 0.5f) * LineHeight);
            canvas.Dot(new SKPoint(topLeft.X + 8, middle), 6, lines[i].Colour);
            canvas.Text(lines[i].Text, topLeft.X + 22, middle + 4);
        }
    }
}
