using DiffusionVae.Data;
using SkiaSharp;

namespace DiffusionVae.Cli.Tests;

/// <summary>Pictures written by our own hand, read back by Skia.</summary>
public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 5)]
    [InlineData(700, 400)]
    public void What_is_written_is_read_back(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        new Random(1).NextBytes(pixels);
        using var stream = new MemoryStream();
        PngWriter.Write(stream, width, height, 1, pixels.Chunk(width));
        using SKBitmap picture = SKBitmap.Decode(stream.ToArray());
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(pixels, picture.Bytes.Chunk(picture.RowBytes).SelectMany(row => row.Take(width)));
    }

    [Fact]
    public void Rows_that_are_not_as_said_are_refused()
    {
        static void Write(params byte[][] rows) => PngWriter.Write(Stream.Null, 2, 2, 1, rows);
        Assert.Contains(
            "found one of 3 as row 0", Assert.Throws<ArgumentException>(() => Write([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "expected 2 rows, found 1", Assert.Throws<ArgumentException>(() => Write([1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "as row 3", Assert.Throws<ArgumentException>(() => Write([1, 2], [1, 2], [1, 2])).Message, StringComparison.Ordinal);
    }
}
