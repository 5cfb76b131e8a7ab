using System.IO.Compression;
using DiffusionVae.Data;
using TorchSharp;

namespace DiffusionVae.Tests.Data;

public sealed class IdxFuzzTests
{
    private const int Mutations = 2000;

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public void Mutated_files_load_or_are_refused_and_nothing_else(bool compressed, int rank)
    {
        byte[] content = rank == 3 ? Idx.Images(5, 4, 3) : Idx.Labels(40);
        byte[] original = compressed ? Idx.Gzip(content) : content;
        var random = new Random(20240607);
        using var folder = new TemporaryFolder();
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutated = Mutate(original, random);
            string path = folder.Write("file", mutated);
            try
            {
                using torch.Tensor tensor = rank == 3 ? IdxFile.ReadImages(path) : IdxFile.ReadLabels(path);
                Assert.Equal(rank, tensor.dim());
            }
            catch (DataFormatException e)
            {
                refused++;
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e} for mutation {i}: {Convert.ToHexString(mutated)}");
            }
        }

        Assert.InRange(refused, Mutations / 10, Mutations);
    }

    /// <summary>No flip in a gzip may go unnoticed that changes what is read.</summary>
    [Fact]
    public void Flipped_bits_of_a_gzip_never_change_what_is_read()
    {
        byte[] content = Idx.Images(5, 4, 3);
        byte[] gzip = Idx.Gzip(content);
        using var folder = new TemporaryFolder();
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
    /// A stream whose last block is not marked as the last does not end for the decompressor, which then never gets to its own checksum.
    /// </summary>
    [Fact]
    public void Changed_content_of_a_gzip_without_an_end_is_refused()
    {
        const int BlockHeader = 10;
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 256; i++)
        {
            byte[] content = Idx.Images(5, 4, 3);
            content[20] = (byte)i;
            byte[] gzip = Idx.Gzip(content, CompressionLevel.NoCompression);
            Assert.Equal(1, gzip[BlockHeader]);
            gzip[BlockHeader] = 0;
            gzip[BlockHeader + 5 + 30] ^= 1;
            string path = folder.Write("file", gzip);
            Assert.Throws<DataFormatException>(() => IdxFile.ReadImages(path));
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            // Half of the changes go to the header, where the decisions are.
            int position = random.Next(2) == 0 ? random.Next(Math.Min(16, bytes.Count)) : random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[position] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[position] = (byte)random.Next(256); break;
                case 2: bytes.RemoveAt(position); break;
                case 3: bytes.Insert(position, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(position, random.Next(bytes.Count - position)); break;
            }
        }

        return [.. bytes];
    }
}
