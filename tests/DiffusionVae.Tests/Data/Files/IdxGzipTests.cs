using System.IO.Compression;
using DiffusionVae.Data;
using TorchSharp;

namespace DiffusionVae.Tests.Data;

/// <summary>Gzipped files that were changed.</summary>
public sealed class IdxGzipTests
{
    /// <summary>No flip in a gzip may go unnoticed that changes what is read.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Flipped_bits_of_a_gzip_never_change_what_is_read(int members)
    {
        byte[] content = IdxBuilder.Images(5, 4, 3);
        byte[] gzip = members == 1 ? IdxBuilder.Gzip(content) : [.. IdxBuilder.Gzip(content[..30]), .. IdxBuilder.Gzip(content[30..])];
        using var folder = new TemporaryFolder();
        using (torch.Tensor images = IdxFile.ReadImages(folder.Write("file", gzip)))
        {
            Assert.Equal(content[16..], images.data<byte>().ToArray());
        }
        for (int bit = 16; bit < 8 * gzip.Length; bit++)
        {
            byte[] flipped = [.. gzip];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string path = folder.Write("file", flipped);
            try
            {
                using torch.Tensor images = IdxFile.ReadImages(path);
                Assert.Equal(content[16..], images.data<byte>().ToArray());
            }
            catch (DataFormatException)
            {
            }
        }
    }

    /// <summary>
    /// A stream whose last block is not marked as the last does not end for the decompressor, which then
    /// never gets to its own checksum.
    /// </summary>
    [Fact]
    public void Changed_content_of_a_gzip_without_an_end_is_refused()
    {
        const int BlockHeader = 10;
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 256; i++)
        {
            byte[] content = IdxBuilder.Images(5, 4, 3);
            content[20] = (byte)i;
            byte[] gzip = IdxBuilder.Gzip(content, CompressionLevel.NoCompression);
            Assert.Equal(1, gzip[BlockHeader]);
            gzip[BlockHeader] = 0;
            gzip[BlockHeader + 5 + 30] ^= 1;
            string path = folder.Write("file", gzip);
            Assert.Throws<DataFormatException>(() => IdxFile.ReadImages(path));
        }
    }
}
