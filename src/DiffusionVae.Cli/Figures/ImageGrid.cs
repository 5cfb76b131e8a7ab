using SkiaSharp;

namespace DiffusionVae.Cli.Figures;

/// <summary>Images in rows and columns, each row with a name before it, if it has one.</summary>
internal sealed class ImageGrid : Panel
{
    private const float LeastSide = 42, MostSide = 512, Gap = 3, BandGap = 12;
    private readonly ImageRenderer renderer;
    private readonly (string Name, float[][] Images)[] rows;
    private readonly int band;
    private readonly float names;
    private readonly SKSize tile;

    /// <param name="renderer">How images look.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="band">After how many rows there is a wider gap.</param>
    public ImageGrid(ImageRenderer renderer, IReadOnlyList<(string Name, float[][] Images)> rows, int band = int.MaxValue)
    {
        (this.renderer, this.rows, this.band) = (renderer, [.. rows], band);
        names = this.rows.Max(row => TextOutline.Width(row.Name, TextOutline.Normal)) is > 0 and var width ? width + 12 : 0;
        SKSizeI picture = renderer.PictureSize;
        // A whole number of dots for each pixel.
        int least = Math.Min(picture.Height, picture.Width), greatest = Math.Max(picture.Height, picture.Width);
        float scale = MathF.Max(1, MathF.Min(MathF.Ceiling(2 * LeastSide / least), MathF.Floor(2 * MostSide / greatest))) / 2;
        // Images that are longer than any place on a sheet are made smaller.
        scale = MathF.Min(scale, MostSide / greatest);
        tile = new SKSize(picture.Width * scale, picture.Height * scale);
    }

    private float ImagesWidth => (rows.Max(row => row.Images.Length) * (tile.Width + Gap)) - Gap;

    public override SKSize Size => new(names + ImagesWidth, Top(rows.Length - 1) + tile.Height);

    public override void Draw(FigureCanvas canvas, SKPoint topLeft)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            canvas.Text(rows[row].Name, topLeft.X + names - 12, topLeft.Y + Top(row) + (tile.Height / 2) + 4, align: SKTextAlign.Right);
        }
        var size = new SKSize(ImagesWidth, Size.Height);
        using SKImage sheet = renderer.Sheet(size, rows.SelectMany((row, index) => row.Images.Select((image, column) =>
            (SKRect.Create(column * (tile.Width + Gap), Top(index), tile.Width, tile.Height), image))));
        canvas.Image(sheet, SKRect.Create(topLeft + new SKSize(names, 0), size));
    }

    private float Top(int row) => (row * (tile.Height + Gap)) + (row / band * (BandGap - Gap));
}
