using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>A part of a figure: it knows its size, and draws itself where it is put.</summary>
internal abstract class Panel
{
    /// <summary>In points.</summary>
    public abstract SKSize Size { get; }

    public abstract void Draw(FigureCanvas canvas, SKPoint topLeft);

    /// <summary>The panels side by side, their tops at one height.</summary>
    public static Panel Row(IEnumerable<Panel> panels, float gap = 28) => new Arrangement([.. panels], gap, across: true);

    /// <summary>The panels one below the other.</summary>
    public static Panel Column(IEnumerable<Panel> panels, float gap = 18) => new Arrangement([.. panels], gap, across: false);

    /// <summary>The panel under a title.</summary>
    public Panel Titled(string title, float size = TextOutline.Large) => new Title(title, size, this);

    private sealed class Arrangement(IReadOnlyList<Panel> panels, float gap, bool across) : Panel
    {
        private float Gaps => gap * (panels.Count - 1);

        public override SKSize Size => across
            ? new SKSize(panels.Sum(panel => panel.Size.Width) + Gaps, panels.Max(panel => panel.Size.Height))
            : new SKSize(panels.Max(panel => panel.Size.Width), panels.Sum(panel => panel.Size.Height) + Gaps);

        public override void Draw(FigureCanvas canvas, SKPoint topLeft)
        {
            foreach (Panel panel in panels)
            {
                panel.Draw(canvas, topLeft);
                topLeft += across ? new SKSize(panel.Size.Width + gap, 0) : new SKSize(0, panel.Size.Height + gap);
            }
        }
    }

    private sealed class Title(string title, float size, Panel content) : Panel
    {
        private const float Height = 22;

        public override SKSize Size => new(Math.Max(content.Size.Width, TextOutline.Width(title, size)), content.Size.Height + Height);

        public override void Draw(FigureCanvas canvas, SKPoint topLeft)
        {
            canvas.Text(title, topLeft.X, topLeft.Y + 13, size);
            content.Draw(canvas, topLeft + new SKSize(0, Height));
        }
    }
}
