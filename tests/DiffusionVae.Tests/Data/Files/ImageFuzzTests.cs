using System.Buffers.Binary;
using CsCheck;
using DiffusionVae.Data;
using Xunit.Abstractions;

namespace DiffusionVae.Tests.Data;

/// <summary>Hostile files of images.</summary>
[Trait(LongForm.Trait, LongForm.Value)]
public sealed class ImageFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly Fuzz fuzz = new(output);

    public void Dispose() => fuzz.Dispose();

    [Fact]
    public void Idx()
    {
        byte[] images = IdxBuilder.Images(5, 4, 3), labels = IdxBuilder.Labels(40);
        Gen<byte[]> mutations = Fuzz.Mutations(images, IdxBuilder.Gzip(images), labels, IdxBuilder.Gzip(labels));
        Gen<byte[]> generated =
            from type in Gen.Frequency((8, Gen.Const((byte)8)), (1, Gen.Byte))
            from sizes in Gen.Frequency((3, Gen.UInt[0, 6]), (1, Gen.UInt)).Array[1, 4]
            from content in Gen.Byte.Array[0, 200]
            from packed in Gen.Bool
            let file = (byte[])[.. IdxBuilder.Header(type, sizes), .. content]
            select packed ? IdxBuilder.Gzip(file) : file;
        fuzz.Run("IDX", Gen.OneOf(mutations, generated), path =>
        {
            Read(() => IdxFile.ReadImages(path));
            IdxFile.ReadLabels(path).Dispose();
        });
        void Read(Func<TorchSharp.torch.Tensor> read)
        {
            try
            {
                read().Dispose();
            }
            catch (DataFormatException)
            {
            }
        }
    }

    [Fact]
    public void NumPy()
    {
        byte[][] valid =
        [
            NpyBuilder.Images("|u1", 3, 4, 5), NpyBuilder.Images(">f4", 2, 3, 2), NpyBuilder.Images("<f8", 2, 2, 2),
            NpyBuilder.File(NpyBuilder.Header("|u1", 1, 2, 3), new byte[6], 2), NpyBuilder.Images(">u4", 3, 2),
            NpyBuilder.Images("<f2", 2, 2, 2, 3), NpyBuilder.Images("<u8", 4, 1),
        ];
        Gen<byte[]> generated =
            from type in Gen.OneOf("|u1", "<f4", ">f8", "|O", "<i8", ">u2", "<u8", "=f2", "b1", "__import__", "")
            from sizes in Gen.Frequency((3, Gen.Int[0, 4]), (1, Gen.Int)).Array[0, 5]
            from order in Gen.OneOf("False", "True", "None", "'x'")
            from more in Gen.String[0, 10]
            from content in Gen.Byte.Array[0, 100]
            from version in Gen.Int[1, 3]
            select NpyBuilder.File(
                $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': ({string.Join(',', sizes)}){more}}}", content, version);
        fuzz.Run("NumPy", Gen.OneOf(Fuzz.Mutations(valid), generated), path => NpyFile.Load(path).Dispose());
    }

    [Fact]
    public void Portable_network_graphics()
    {
        byte[][] valid = [
            .. PngBuilder.Kinds.Select(kind => Sample(kind.Colour, kind.Depth, false)),
            .. PngBuilder.Kinds.Select(kind => Sample(kind.Colour, kind.Depth, true))];
        Gen<byte[]> mutations = from file in Fuzz.Mutations(valid) from mend in Gen.Bool select mend ? WithChecksums(file) : file;
        // A header of any kind with lines of about the length it needs.
        Gen<byte[]> generated =
            from width in Gen.Frequency((5, Gen.Int[0, 9]), (1, Gen.Int))
            from height in Gen.Frequency((5, Gen.Int[0, 9]), (1, Gen.Int))
            from kind in Gen.Frequency((5, Gen.OneOf([.. PngBuilder.Kinds])), (1, Gen.Select(Gen.Int[0, 7], Gen.Int[0, 17])))
            from interlace in Gen.Byte[0, 2]
            from palette in Gen.Byte.Array[0, 30]
            from lines in Gen.Byte[0, 5].Array[0, 200]
            select (byte[])
            [
                .. PngBuilder.Signature,
                .. PngBuilder.Chunk(
                    "IHDR", [.. PngBuilder.BigEndian(width), .. PngBuilder.BigEndian(height), (byte)kind.Item2, (byte)kind.Item1, 0, 0,
                        interlace]),
                .. PngBuilder.Chunk("PLTE", palette), .. PngBuilder.Chunk("IDAT", PngBuilder.Zlib(lines)), .. PngBuilder.Chunk("IEND", []),
            ];
        fuzz.Run("PNG", Gen.OneOf(mutations, generated), path =>
        {
            PngFile.Read(path).Dispose();
            PngFile.ReadColour(path).Dispose();
        });
    }

    [Fact]
    public void Tables()
    {
        byte[][] valid =
        [
            "z1,z2\n1.5,2\n-3e-2,4\n"u8.ToArray(), "\"a\";\"b c\"\r\n1;2\r\n"u8.ToArray(), "1\t2\n3\t4\n"u8.ToArray(),
            "sep=;\nx;kind\n1;\"a;b\"\n2;c\n3;c\n"u8.ToArray(), "label,x\n1,0.5\n0,0.25\n1,0.125\n"u8.ToArray(),
            [0xff, 0xfe, .. "z\01\0,\0b\0\n\01\0,\02\0\n\0"u8],
        ];
        Gen<byte[]> generated =
            from text in Gen.OneOf(Gen.Char["0123456789,;\t|\"'\r\n .-+eE#="], Gen.Char).Array[0, 200]
            select System.Text.Encoding.UTF8.GetBytes(text);
        fuzz.Run("tables", Gen.OneOf(Fuzz.Mutations(valid), generated), path =>
        {
            using ImageData data = TableData.Load(path, PathOptions.None);
            Assert.Equal(data.Shape.Size, data.Train.Pixels.shape[1]);
        });
    }

    private static byte[] Sample(int colour, int depth, bool interlaced)
    {
        var random = new Random(colour + depth);
        byte[]? palette = colour == 3 ? [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)i)] : null;
        return PngBuilder.File(5, 6, colour, depth, (_, _, _) => random.Next(1 << depth), palette, interlaced);
    }

    /// <summary>
    /// The file with the checksums that its chunks ought to have, so that what is in them counts.
    /// </summary>
    private static byte[] WithChecksums(byte[] file)
    {
        byte[] mended = [.. file];
        for (long at = PngBuilder.Signature.Length; at + 12 <= mended.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan((int)at));
            if (at + 12 + length > mended.Length)
            {
                break;
            }
            Span<byte> summed = mended.AsSpan((int)at + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan((int)at + 8 + (int)length), Crc32.Append(0, summed));
            at += 12 + length;
        }
        return mended;
    }
}
