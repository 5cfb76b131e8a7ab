using System.Xml.Linq;
using DiffusionVae.Cli.Figures;
using DiffusionVae.Reports;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests.Figures;

public sealed class TextOutlineTests
{
    [Fact]
    public void The_font_of_figures_comes_with_the_program()
    {
        // The machine's own fonts are not asked for: this family is on no bare machine.
        using SKPath outline = TextOutline.Create("ELBO", TextOutline.Normal, SKTextAlign.Left);
        Assert.InRange(outline.Bounds.Height, 0.6f * TextOutline.Normal, TextOutline.Normal);
        Assert.InRange(outline.Bounds.Width, 2 * TextOutline.Normal, 3 * TextOutline.Normal);
        using SKPath other = TextOutline.Create("KL", TextOutline.Normal, SKTextAlign.Left);
        Assert.NotEqual(outline.ToSvgPathData(), other.ToSvgPathData());
    }

    [Fact]
    public void It_has_every_character_that_figures_use()
    {
        string printable = new([.. Enumerable.Range(' ', '~' - ' ').Select(code => (char)code)]);
        Assert.True(TextOutline.CanWrite(printable + "\u03c0\u2212"));
        Assert.False(TextOutline.CanWrite("\u4e2d"));
    }

    [Theory]
    [InlineData(SKTextAlign.Left, 0f)]
    [InlineData(SKTextAlign.Center, -0.5f)]
    [InlineData(SKTextAlign.Right, -1f)]
    public void Text_starts_ends_or_is_centred_where_it_is_put(SKTextAlign align, float shift)
    {
        using SKPath outline = TextOutline.Create("minimum", TextOutline.Large, align);
        Assert.Equal(shift * TextOutline.Width("minimum", TextOutline.Large), outline.Bounds.Left, 2f);
    }

    [Fact]
    public void Letters_are_dark_on_the_picture_and_outlines_in_the_drawing()
    {
        using var folder = new Folder();
        FigureFiles files = new Figure("words", "", new Words()).Write(folder.Path);
        using SKBitmap picture = SKBitmap.Decode(files.Png);
        Assert.InRange(picture.Pixels.Count(pixel => pixel.Red < 128), 200, 5000);
        var drawing = XDocument.Load(files.Svg);
        Assert.DoesNotContain(drawing.Descendants(), element => element.Name.LocalName == "text");
        Assert.Contains(drawing.Descendants(), element => element.Name.LocalName == "path" && element.Attribute("d")!.Value.Length > 500);
    }

    private sealed class Words : Panel
    {
        public override SKSize Size => new(200, 30);

        public override void Draw(FigureCanvas canvas, SKPoint topLeft) =>
            canvas.Text("torus:2", topLeft.X, topLeft.Y + 20, TextOutline.Large);
    }
}
