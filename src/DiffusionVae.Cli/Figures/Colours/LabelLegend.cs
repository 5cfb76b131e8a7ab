using System.Globalization;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Which label has which colour.</summary>
internal sealed class LabelLegend(IReadOnlyList<long> labels) : Panel
{
    private const float LineHeight = 22;

    /// <summary>Labels that share a colour share a line.</summary>
    private readonly (SKColor Colour, string Text)[] lines =
        [.. labels.GroupBy(LabelColours.Of).Select(group => (group.Key, string.Join(", ", group.Select(label => label.ToString(CultureInfo.InvariantCulture)))))];

    public override SKSize Size => new(24 + lines.Max(line => Lettering.Width(line.Text, Lettering.Normal)), lines.Length * LineHeight);

    public override void Draw(Pen pen, SKPoint topLeft)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            float middle = topLeft.Y + ((i + 0.5f) * LineHeight);
            pen.Dot(new SKPoint(topLeft.X + 8, middle), 6, lines[i].Colour);
            pen.Text(lines[i].Text, topLeft.X + 22, middle + 4);
        }
    }
}
