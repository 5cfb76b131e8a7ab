using DiffusionVae.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Data;

public sealed class PngFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach ((int colour, int depth) in PngBuilder.Kinds)
            {
                kinds.Add(colour, depth, false);
                kinds.Add(colour, depth, true);
            }
            return kinds;
        }
    }

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_image_is_read_at_every_size(int colour, int depth, bool interlaced)
    {
        var random = new Random(colour + (100 * depth));
        foreach ((int height, int width) in new[] { (1, 1), (1, 9), (3, 2), (2, 5), (7, 11), (16, 16), (9, 17) })
        {
            int[,,] samples = new int[height, width, PngBuilder.Channels(colour)];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i / samples.GetLength(2) / width, i / samples.GetLength(2) % width, i % samples.GetLength(2)] =
                    random.Next(1 << depth);
            }
            byte[]? palette = colour == 3 ? Enumerable.Range(0, 3 << depth).Select(_ => (byte)random.Next(256)).ToArray() : null;
            double most = (1 << depth) - 1;
            double Expected(int y, int x) => colour switch
            {
                0 or 4 => samples[y, x, 0] / most,
                3 => Luma(i => palette![(3 * samples[y, x, 0]) + i]) / 255,
                _ => Luma(i => samples[y, x, i]) / most,
            };

            Tensor image = PngFile.Read(folder.Write(
                "a.png", PngBuilder.File(height, width, colour, depth, (y, x, channel) => samples[y, x, channel], palette, interlaced)));
            Assert.Equal([height, width], image.shape);
            double[] expected = [.. Enumerable.Range(0, height * width).Select(i => Expected(i / width, i % width))];
            Assert.All(Numeric.Values(image).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
        }
    }

    [Fact]
    public void Grey_as_grey_and_grey_as_colour_are_the_same_as_bytes_scaled()
    {
        Tensor grey = PngFile.Read(folder.Write("grey.png", PngBuilder.File(1, 256, 0, 8, (_, x, _) => x)));
        Tensor colour = PngFile.Read(folder.Write("colour.png", PngBuilder.File(1, 256, 2, 8, (_, x, _) => x)));
        using var bytes = new ImageSet("bytes", arange(256, ScalarType.Byte).reshape(1, 1, 256));
        Assert.Equal(Numeric.Values(bytes.Pixels), Numeric.Values(grey));
        Assert.Equal(Numeric.Values(bytes.Pixels), Numeric.Values(colour));
        Tensor deep = PngFile.Read(folder.Write("deep.png", PngBuilder.File(256, 256, 0, 16, (y, x, _) => (256 * y) + x)));
        Tensor deepColour = PngFile.Read(folder.Write("deep-colour.png", PngBuilder.File(256, 256, 6, 16, (y, x, _) => (256 * y) + x)));
        Assert.Equal(Numeric.Values(deep), Numeric.Values(deepColour));
    }

    [Fact]
    public void Files_that_are_none_are_refused_with_the_reason()
    {
        byte[] good = PngBuilder.File(4, 4, 0, 8, (y, x, _) => (16 * y) + x);
        byte[] header = [.. PngBuilder.BigEndian(4), .. PngBuilder.BigEndian(4), 8, 0, 0, 0, 0];
        byte[] lines = PngBuilder.Zlib(new byte[20]);
        Refused([], "the file is empty");
        Refused("GIF89a"u8.ToArray(), "not a PNG file: expected it to start with 89 50 4e 47 0d 0a 1a 0a");
        Refused(good[..^4], "truncated: it ends before its chunk IEND");
        Refused(good[..20], "truncated: it ends before its chunk IEND");
        Refused(Changed(good, good.Length - 1), "damaged: its chunk IEND does not have the CRC-32 that the file says");
        Refused(Changed(good, 20), "damaged: its chunk IHDR does not have the CRC-32 that the file says");
        Refused([.. PngBuilder.Signature, .. PngBuilder.Chunk("1234", [])],
            "damaged: expected a chunk with a name of four letters, found 31323334");
        Refused(Joined(PngBuilder.Chunk("IDAT", lines)), "expected the chunk IHDR at the start and there alone, found IDAT");
        Refused(Joined(PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("IHDR", header)),
            "expected the chunk IHDR at the start and there alone, found IHDR");
        Refused(Joined(PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("ABCD", [])),
            "it cannot be shown without its chunk ABCD, which is unknown");
        Refused(Joined(PngBuilder.Chunk("IHDR", header[1..])), "expected 13 bytes in the chunk IHDR, found 12");
        Refused(Joined(PngBuilder.Chunk("IHDR", [0, 0, 0, 0, .. header[4..]])), "expected an image of 1 to 16777216 pixels, found 4 by 0");
        Refused(Joined(PngBuilder.Chunk("IHDR", [255, 255, 255, 255, .. header[4..]])),
            "expected an image of 1 to 16777216 pixels, found 4 by 4294967295");
        Refused(Joined(PngBuilder.Chunk("IHDR", [.. header[..8], 3, 2, 0, 0, 2])),
            "impossible: bit depth 3, colour type 2, compression 0, filter 0, interlace 2");
        Refused(Joined(PngBuilder.Chunk("IHDR", header)), "expected 20 bytes for 4 by 4 pixels when decompressed, found 0");
        Refused(Joined(PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("IDAT", PngBuilder.Zlib(new byte[19]))),
            "expected 20 bytes for 4 by 4 pixels when decompressed, found 19");
        Refused(Joined(PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("IDAT", PngBuilder.Zlib(new byte[21]))),
            "expected 20 bytes for 4 by 4 pixels when decompressed, found more");
        Refused(Joined(PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("IDAT", [1, 2, 3, 4])), "the compressed image is corrupt");
        Refused(Joined(
            PngBuilder.Chunk("IHDR", header), PngBuilder.Chunk("IDAT", PngBuilder.Zlib(Enumerable.Repeat((byte)5, 20).ToArray()))),
            "expected a filter from 0 to 4, found 5");
        byte[] coloured = [.. header[..8], 8, 3, 0, 0, 0];
        Refused(Joined(PngBuilder.Chunk("IHDR", coloured), PngBuilder.Chunk("IDAT", lines)),
            "expected a palette of 1 to 256 colours, 3 bytes each, found 0 bytes");
        Refused(
            Joined(PngBuilder.Chunk("IHDR", coloured), PngBuilder.Chunk("PLTE", [1, 2, 3]),
                PngBuilder.Chunk("IDAT", PngBuilder.Zlib([0, 0, 0, 0, 1, .. new byte[15]]))),
            "expected a colour from 0 to 0, the last of the palette, found 1");
    }

    [Fact]
    public void A_folder_of_images_gives_the_data_in_it()
    {
        for (int i = 0; i < 20; i++)
        {
            folder.Write(FormattableString.Invariant($"{i:d2}.png"), PngBuilder.File(2, 3, 0, 8, (_, _, _) => i));
        }
        folder.Write("notes.txt", []);
        using ImageData data = DataCatalogue.Parse(folder.Path).Load();
        Assert.Equal((18L, 2L, 2, 3), (data.Train.Count, data.Test.Count, data.Shape.Height, data.Shape.Width));
        Assert.Equal(Enumerable.Range(0, 18).Select(i => (double)(i / 255f)), Numeric.Values(data.Train.Pixels.select(1, 0)));
        using ImageData other = DataCatalogue.Parse(folder.Path + ":5").Load();
        Assert.Equal((15L, 5L), (other.Train.Count, other.Test.Count));
    }

    [Fact]
    public void A_folder_may_say_which_images_are_to_test_on()
    {
        Directory.CreateDirectory(folder["train"]);
        Directory.CreateDirectory(folder["test"]);
        folder.Write("train/a.PNG", PngBuilder.File(2, 3, 0, 8, (_, _, _) => 1));
        folder.Write("test/b.png", PngBuilder.File(2, 3, 0, 8, (_, _, _) => 2));
        using ImageData data = DataCatalogue.Parse(folder.Path).Load();
        Assert.Equal((1L, 1L), (data.Train.Count, data.Test.Count));
        Assert.Equal(
            $"data '{folder.Path}:1': the folder '{folder.Path}' has its own test images; leave out ':1'",
            Assert.Throws<FormatException>(() => DataCatalogue.Parse(folder.Path + ":1")).Message);
        folder.Write("test/b.png", PngBuilder.File(3, 2, 0, 8, (_, _, _) => 2));
        Assert.Equal(
            $"{folder["test/b.png"]}: expected an image of 2 by 3 pixels, as the first of {folder.Path}, found 3 by 2",
            Assert.Throws<DataFormatException>(() => ImageFolder.Load(folder.Path)).Message);
    }

    [Fact]
    public void Images_of_several_sizes_and_too_few_are_refused()
    {
        folder.Write("a.png", PngBuilder.File(2, 3, 0, 8, (_, _, _) => 1));
        Assert.Equal(
            $"{folder.Path}: expected at least one image to train on and one to test on, found 1 images of which 1 are to test on",
            Assert.Throws<DataFormatException>(() => ImageFolder.Load(folder.Path)).Message);
        string second = folder.Write("b.png", PngBuilder.File(3, 3, 0, 8, (_, _, _) => 1));
        Assert.Equal(
            $"{second}: expected an image of 2 by 3 pixels, as the first of {folder.Path}, found 3 by 3",
            Assert.Throws<DataFormatException>(() => ImageFolder.Load(folder.Path)).Message);
    }

    private static double Luma(Func<int, int> channel) => (0.299 * channel(0)) + (0.587 * channel(1)) + (0.114 * channel(2));

    private static byte[] Joined(params byte[][] chunks) =>
        [.. PngBuilder.Signature, .. chunks.SelectMany(chunk => chunk), .. PngBuilder.Chunk("IEND", [])];

    private static byte[] Changed(byte[] bytes, int position)
    {
        byte[] changed = [.. bytes];
        changed[position] ^= 1;
        return changed;
    }

    private void Refused(byte[] bytes, string problem)
    {
        string path = folder.Write("bad.png", bytes);
        Assert.Equal($"{path}: {problem}", Assert.Throws<DataFormatException>(() => PngFile.Read(path)).Message);
    }
}
