using System.Reflection;
using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>
/// Text as outlines of an embedded font (Roboto): figures look the same on a machine without fonts.
/// </summary>
internal static class TextOutline
{
    public const float Small = 10, Normal = 12, Large = 14;

    private static readonly Lazy<SKTypeface> Typeface = new(Load);

    /// <summary>
    /// The outline of a line of text whose baseline starts, ends or is centred at the origin.
    /// </summary>
    public static SKPath Create(string text, float size, SKTextAlign align)
    {
        using SKPaint paint = Paint(size);
        float width = paint.MeasureText(text);
        float shift = align switch { SKTextAlign.Center => width / 2, SKTextAlign.Right => width, _ => 0 };
        return paint.GetTextPath(text, -shift, 0);
    }

    public static float Width(string text, float size)
    {
        using SKPaint paint = Paint(size);
        return paint.MeasureText(text);
    }

    /// <summary>Whether the font has a glyph for every character.</summary>
    public static bool CanWrite(string text)
    {
        using SKPaint paint = Paint(Normal);
        return paint.ContainsGlyphs(text);
    }

    private static SKPaint Paint(float size) => new() { Typeface = Typeface.Value, TextSize = size, SubpixelText = true };

    private static SKTypeface Load()
    {
        using Stream font = Assembly.GetExecutingAssembly().GetManifestResourceStream("Roboto-Regular.ttf")!;
        return SKTypeface.FromStream(font) ?? throw new InvalidOperationException("The embedded font cannot be read.");
    }
}
