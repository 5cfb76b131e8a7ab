using DiffusionVae.Data;
using TorchSharp;

namespace DiffusionVae.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_come_back_as_written_whatever_the_file_is_called(bool compressed)
    {
        byte[] content = IdxBuilder.Images(5, 4, 3);
        string path = folder.Write(compressed ? "plain-name" : "name.gz", compressed ? IdxBuilder.Gzip(content) : content);
        using torch.Tensor images = IdxFile.ReadImages(path);
        Assert.Equal([5, 4, 3], images.shape);
        Assert.Equal(content[16..], images.data<byte>().ToArray());
    }

    [Fact]
    public void Labels_come_back_as_int64()
    {
        using torch.Tensor labels = IdxFile.ReadLabels(folder.Write("labels", IdxBuilder.Labels(12)));
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], labels.data<long>().ToArray());
    }

    [Fact]
    public void A_set_has_pixels_from_0_to_1_and_labels()
    {
        string images = folder.Write("images", IdxBuilder.Images(8, 8, 4));
        using ImageSet set = IdxFile.ReadSet("small", images, folder.Write("labels", IdxBuilder.Labels(8)));
        Assert.Equal((8L, 8, 4, 32, "small"), (set.Count, set.Shape.Height, set.Shape.Width, set.PixelCount, set.Name));
        Assert.Equal(255f / 255f, set.Pixels[7, 31].item<float>());
        Assert.Equal(33f / 255f, set.Pixels[1, 1].item<float>());
        Assert.Equal(7, set.Labels![7].item<long>());
    }

    [Fact]
    public void Counts_of_images_and_labels_must_agree()
    {
        string images = folder.Write("images", IdxBuilder.Images(8, 2, 2));
        string labels = folder.Write("labels", IdxBuilder.Labels(7));
        var error = Assert.Throws<DataFormatException>(() => IdxFile.ReadSet("small", images, labels));
        Assert.Equal($"{labels}: expected 8 labels, one for each image of {images}, found 7", error.Message);
        Assert.Equal(labels, error.Path);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_folder_is_refused()
    {
        Refused(folder["none"], "the file does not exist");
        Refused(folder["none/none"], "the file does not exist");
        Refused(folder.Path, "expected a file, found a folder");
    }

    [Fact]
    public void An_empty_file_is_refused() => Refused(folder.Write("file", []), "the file is empty");

    [Fact]
    public void A_wrong_magic_number_is_refused_with_its_reason()
    {
        Refused([0], "truncated: expected the 4 bytes an IDX file starts with, found 1");
        Refused([0x89, 0x50, 0x4e, 0x47], "not an IDX file: expected the first two bytes 00 00, found 89 50");
        Refused([0, 0, 8, 1], "expected images, of rank 3, found rank 1, that of labels");
        Refused([0, 0, 8, 4], "expected images, of rank 3, found rank 4");
        Refused([0, 0, 0x0d, 3], "expected elements of type unsigned byte (08), the only one read, found float32 (0d)", ofContent: false);
        Refused([0, 0, 0x09, 3], "expected elements of type unsigned byte (08), the only one read, found signed byte (09)",
            ofContent: false);
        Refused([0, 0, 0x0b, 3], "expected elements of type unsigned byte (08), the only one read, found int16 (0b)", ofContent: false);
        Refused([0, 0, 0x0c, 3], "expected elements of type unsigned byte (08), the only one read, found int32 (0c)", ofContent: false);
        Refused([0, 0, 0x0e, 3], "expected elements of type unsigned byte (08), the only one read, found float64 (0e)", ofContent: false);
        Refused([0, 0, 0x77, 3], "expected elements of type unsigned byte (08), the only one read, found an unknown type (77)",
            ofContent: false);
        string labels = folder.Write("file", IdxBuilder.Images(1, 1, 1));
        var error = Assert.Throws<DataFormatException>(() => IdxFile.ReadLabels(labels));
        Assert.Equal($"{labels}: expected labels, of rank 1, found rank 3, that of images", error.Message);
    }

    [Fact]
    public void A_header_cut_short_is_refused() =>
        Refused(IdxBuilder.Images(1, 1, 1)[..15], "truncated: expected a header of 16 bytes, found 15");

    [Fact]
    public void Fewer_or_more_elements_than_the_header_says_are_refused()
    {
        byte[] content = IdxBuilder.Images(5, 4, 3);
        Refused(content[..^1], "truncated: expected 76 bytes for 5 images of 4 by 3 pixels and the header, found 75");
        Refused([.. content, 7], "trailing bytes: expected 76 bytes for 5 images of 4 by 3 pixels and the header, found 77",
            "trailing bytes: expected 76 bytes for 5 images of 4 by 3 pixels and the header, found more when decompressed");
    }

    [Fact]
    public void No_images_or_no_pixels_are_refused()
    {
        Refused(IdxBuilder.Images(0, 28, 28),
            "expected at least one of the images, with at least one pixel, found 0 images of 28 by 28 pixels",
            ofContent: false);
        Refused(
            IdxBuilder.Images(3, 28, 0), "expected at least one of the images, with at least one pixel, found 3 images of 28 by 0 pixels",
            ofContent: false);
    }

    [Fact]
    public void A_header_that_promises_the_world_is_refused_without_memory_for_it()
    {
        byte[] content = [.. IdxBuilder.Header(8, uint.MaxValue, uint.MaxValue, uint.MaxValue), 1, 2, 3];
        const string Expected = "truncated: expected 79228162458924105385300197391 bytes for 4294967295 images of 4294967295 by "
            + "4294967295 pixels and the header, found ";
        int compressed = IdxBuilder.Gzip(content).Length;
        Refused(content, Expected + "19", FormattableString.Invariant($"{Expected}at most {compressed * 1032} when decompressed"));

        // Small enough for what the compressed bytes could become, so that only decompressing shows it.
        byte[] zeros = [.. IdxBuilder.Header(8, 500, 1000, 1000), .. new byte[1_000_000]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(folder.Write("file", IdxBuilder.Gzip(zeros)),
            "truncated: expected 500000016 bytes for 500 images of 1000 by 1000 pixels and the header, found ", exact: false);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void More_than_memory_can_index_is_refused()
    {
        string path = folder["sparse"];
        using (FileStream file = File.Create(path))
        {
            file.Write(IdxBuilder.Header(8, 3, 1000, 1_000_000));
            file.SetLength(16 + 3_000_000_000);
        }

        Refused(path,
            "too large: 3 images of 1000 by 1000000 pixels are 3000000000 bytes, expected at most 2147483591; a .npy file may have more");
    }

    [Fact]
    public void A_gzip_cut_anywhere_is_refused()
    {
        byte[] gzip = IdxBuilder.Gzip(IdxBuilder.Images(5, 4, 3));
        for (int length = 1; length < gzip.Length; length++)
        {
            string path = folder.Write("file", gzip[..length]);
            Assert.Throws<DataFormatException>(() => IdxFile.ReadImages(path));
        }
    }

    [Fact]
    public void A_gzip_with_a_wrong_checksum_or_a_tail_is_refused()
    {
        byte[] gzip = IdxBuilder.Gzip(IdxBuilder.Images(5, 4, 3));
        byte[] wrong = [.. gzip];
        wrong[^8] ^= 1;
        Refused(folder.Write("file", wrong), "the gzip is corrupt: its data cannot be decompressed, or fail their CRC-32");
        foreach (byte[] tail in new byte[][] { [0], [1, 2, 3], new byte[100], gzip })
        {
            Refused(folder.Write("file", [.. gzip, .. tail]),
                tail == gzip ? "trailing bytes: expected" : "the gzip is cut short, corrupt or followed by other bytes: it ends with",
                exact: false);
        }

        Refused(folder.Write("file", gzip[..^3]), "the gzip is cut short, corrupt or followed by other bytes: it ends with CRC-32",
            exact: false);
    }

    /// <summary>Content that is refused, plain and gzipped alike.</summary>
    private void Refused(byte[] content, string plainProblem, string? compressedProblem = null, bool ofContent = true)
    {
        Refused(folder.Write("file", content), plainProblem);
        string suffix = ofContent && !plainProblem.Contains("rank", StringComparison.Ordinal) ? " when decompressed" : "";
        Refused(folder.Write("file", IdxBuilder.Gzip(content)), compressedProblem ?? plainProblem + suffix);
    }

    private static void Refused(string path, string problem, bool exact = true)
    {
        var error = Assert.Throws<DataFormatException>(() => IdxFile.ReadImages(path));
        Assert.StartsWith($"{path}: {problem}", error.Message, StringComparison.Ordinal);
        Assert.True(!exact || error.Message.Length == path.Length + 2 + problem.Length, error.Message);
    }
}
