using DiffusionVae.Cli.Output;
using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

public sealed class ImageSheetTests
{
    [Fact]
    public void Pixels_are_enlarged_in_grey_on_white()
    {
        using var folder = new Folder();
        float[][] images = [[0, 1, 0.5f, 0]];
        ImageSheet.Write(folder["sheet.png"], [[images, images]], new ImageSize(2, 2), ImageSheet.RangeOf(images));
        using SKBitmap sheet = SKBitmap.Decode(folder["sheet.png"]);
        // 28 times enlarged, with gaps of two pixels.
        Assert.Equal((60, 118), (sheet.Width, sheet.Height));
        Assert.Equal(SKColorType.Gray8, sheet.ColorType);
        Assert.Equal([255, 0, 255, 128], [sheet.GetPixel(0, 0).Red, sheet.GetPixel(2, 2).Red, sheet.GetPixel(31, 29).Red, sheet.GetPixel(2, 31).Red]);
        Assert.Equal(255, sheet.GetPixel(10, 58).Red);
    }

    [Theory]
    [InlineData(0f, 0.5f, 0f, 1f)]
    [InlineData(0f, 4f, 0f, 4f)]
    [InlineData(-0.5f, 0.25f, -0.5f, 0.5f)]
    public void Zero_is_in_the_middle_where_there_are_negative_pixels(float least, float greatest, float black, float white) =>
        Assert.Equal((black, white), ImageSheet.RangeOf([[least, greatest]]));
}
