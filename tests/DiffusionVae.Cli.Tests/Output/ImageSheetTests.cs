using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

public sealed class ImageSheetTests
{
    private static readonly float[] Image = [0, 1, 0.5f, 0];

    [Fact]
    public void Pixels_are_enlarged_in_grey_on_white()
    {
        using var folder = new Folder();
        var shape = ObservationShape.Image(2, 2);
        ImageSheet.Write(folder["sheet.png"], 1, 2, [Image, Image], shape, ObservationPicture.RangeOf([Image], shape));
        using SKBitmap sheet = SKBitmap.Decode(folder["sheet.png"]);
        // 28 times enlarged, with gaps of two pixels.
        Assert.Equal((60, 118), (sheet.Width, sheet.Height));
        Assert.Equal(SKColorType.Gray8, sheet.ColorType);
        Assert.Equal(
            [255, 0, 255, 128],
            [sheet.GetPixel(0, 0).Red, sheet.GetPixel(2, 2).Red, sheet.GetPixel(31, 29).Red, sheet.GetPixel(2, 31).Red]);
        Assert.Equal(255, sheet.GetPixel(10, 58).Red);
    }

    [Fact]
    public void An_image_without_pixels_and_the_end_of_the_last_row_are_blank()
    {
        using var folder = new Folder();
        ImageSheet.Write(folder["sheet.png"], 2, 3, [[], Image, Image], ObservationShape.Image(2, 2), (0, 1));
        using SKBitmap sheet = SKBitmap.Decode(folder["sheet.png"]);
        Assert.Equal((118, 118), (sheet.Width, sheet.Height));
        bool IsBlank(int column, int row) =>
            Enumerable.Range(0, 56 * 56).All(i => sheet.GetPixel(2 + (58 * column) + (i % 56), 2 + (58 * row) + (i / 56)).Red == 255);
        Assert.Equal([true, false, false, true], [IsBlank(0, 0), IsBlank(1, 0), IsBlank(0, 1), IsBlank(1, 1)]);
    }

    /// <summary>Long images are not enlarged beyond 512 pixels, and many images make a wider sheet.</summary>
    [Fact]
    public void A_sheet_is_one_that_viewers_open()
    {
        using var folder = new Folder();
        ImageSheet.Write(folder["sheet.png"], 2, 2, [new float[784], new float[784]], ObservationShape.Image(1, 784), (0, 1));
        using SKBitmap sheet = SKBitmap.Decode(folder["sheet.png"]);
        Assert.Equal((2 + (2 * 786), 5), (sheet.Width, sheet.Height));
        var small = ObservationShape.Image(28, 28);
        Assert.Equal(16, ImageSheet.Columns(5000, small, 16));
        Assert.Equal(100, ImageSheet.Columns(10_000, small, 16));
        var refused = Assert.Throws<UsageException>(() => ImageSheet.Write(folder["no.png"], 31_623, 1_000_000_000, [], small, (0, 1)));
        Assert.Equal(
            "a sheet of 1000000000 images would have 1834136 by 1834136 pixels, more than viewers open; ask for fewer, or for a .npy file.",
            refused.Message);
    }

    [Fact]
    public void Colour_is_drawn_in_colour_and_a_vector_as_bars()
    {
        using var folder = new Folder();
        // One row of two pixels: first red, then green.
        ImageSheet.Write(folder["colour.png"], 1, 1, [[1, 0, 0, 0.5f, 0, 0]], ObservationShape.Image(1, 2, 3), (0, 1));
        using SKBitmap colour = SKBitmap.Decode(folder["colour.png"]);
        Assert.Equal(new SKColor(255, 0, 0), colour.GetPixel(2, 2));
        Assert.Equal(new SKColor(0, 128, 0), colour.GetPixel(colour.Width - 3, 2));
        // Bars of -1, 0 and 2 in a picture of 48 rows: zero is a third above the bottom.
        var bars = new ObservationPicture(ObservationShape.Vector(3), (-1, 2));
        byte[] drawn = bars.Draw([-1, 0, 2]);
        int Height(int feature) => Enumerable.Range(0, bars.Height).Count(y => drawn[((y * bars.Width) + (32 * feature)) * 3] == 70);
        Assert.Equal((3, 96, 48), (bars.Channels, bars.Width, bars.Height));
        Assert.Equal([17, 1, 32], new[] { Height(0), Height(1), Height(2) });
    }

    [Theory]
    [InlineData(0f, 0.5f, 0f, 1f)]
    [InlineData(0f, 4f, 0f, 4f)]
    [InlineData(-0.5f, 0.25f, -0.5f, 0.5f)]
    public void Zero_is_in_the_middle_where_there_are_negative_pixels(float least, float greatest, float black, float white) =>
        Assert.Equal((black, white), ObservationPicture.RangeOf([[least, greatest]], ObservationShape.Image(2, 2)));
}
