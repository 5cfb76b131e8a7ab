using DiffusionVae.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Data;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("|u1", ScalarType.Byte, 1)]
    [InlineData("<u1", ScalarType.Byte, 1)]
    [InlineData("u1", ScalarType.Byte, 1)]
    [InlineData("|i1", ScalarType.Int8, 1)]
    [InlineData("<i2", ScalarType.Int16, 1)]
    [InlineData(">i2", ScalarType.Int16, 1)]
    [InlineData("<u2", ScalarType.Int32, 1)]
    [InlineData(">u2", ScalarType.Int32, 1)]
    [InlineData("<i4", ScalarType.Int32, 1)]
    [InlineData(">u4", ScalarType.Int64, 1)]
    [InlineData("<i8", ScalarType.Int64, 1)]
    [InlineData(">i8", ScalarType.Int64, 1)]
    [InlineData("<u8", ScalarType.Int64, 1)]
    [InlineData("<f2", ScalarType.Float16, 8)]
    [InlineData(">f2", ScalarType.Float16, 8)]
    [InlineData("<f4", ScalarType.Float32, 8)]
    [InlineData(">f4", ScalarType.Float32, 8)]
    [InlineData("=f4", ScalarType.Float32, 8)]
    [InlineData("f4", ScalarType.Float32, 8)]
    [InlineData("<f8", ScalarType.Float64, 8)]
    [InlineData(">f8", ScalarType.Float64, 8)]
    public void Every_type_is_read_in_either_order_of_bytes(string type, ScalarType expected, double divisor)
    {
        Tensor array = NpyFile.Read(folder.Write("a.npy", NpyBuilder.Images(type, 5, 3, 4)));
        Assert.Equal(expected, array.dtype);
        Assert.Equal([5, 3, 4], array.shape);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i / divisor), Numeric.Values(array));
    }

    [Fact]
    public void True_and_false_are_ones_and_zeros()
    {
        using ImageData data = NpyFile.Load(folder.Write("a.npy", NpyBuilder.Images("|b1", 3, 1, 2)));
        Assert.Equal([0, 1, 0, 1], Numeric.Values(data.Train.Pixels));
    }

    /// <summary>The first index runs fastest: element [i, j, k] is the number i + 2j + 6k.</summary>
    [Fact]
    public void Fortran_order_is_read()
    {
        string header = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3, 4), }";
        byte[] elements = [.. Enumerable.Range(0, 24).SelectMany(BitConverter.GetBytes)];
        Tensor array = NpyFile.Read(folder.Write("a.npy", NpyBuilder.File(header, elements)));
        Assert.Equal([2, 3, 4], array.shape);
        IEnumerable<double> expected = from i in Enumerable.Range(0, 2)
                                       from j in Enumerable.Range(0, 3)
                                       from k in Enumerable.Range(0, 4)
                                       select (double)(i + (2 * j) + (6 * k));
        Assert.Equal(expected, Numeric.Values(array));
    }

    [Fact]
    public void Shapes_tell_vectors_images_and_colours()
    {
        Assert.Equal("4 features", ShapeOf("|u1", 3, 4));
        Assert.Equal("4 by 5 pixels", ShapeOf("|u1", 3, 4, 5));
        Assert.Equal("4 by 5 pixels in colour", ShapeOf("|u1", 2, 3, 4, 5));
        Assert.Equal("4 by 5 pixels in colour", ShapeOf("|u1", 2, 4, 5, 3));
        Assert.Equal("4 by 5 pixels", ShapeOf("|u1", 2, 4, 5, 1));
        using ImageData last = NpyFile.Load(folder.Write("a.npy", NpyBuilder.Images("|u1", 2, 2, 2, 3)));
        // Pixels 0 1 2, 3 4 5, ..., as planes of red, green and blue.
        Assert.Equal(Bytes(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11), Numeric.Values(last.Train.Pixels));

        static IEnumerable<double> Bytes(params int[] values) => values.Select(value => (double)(value / 255f));

        string ShapeOf(string type, params int[] shape)
        {
            using ImageData data = NpyFile.Load(folder.Write("a.npy", NpyBuilder.Images(type, shape)));
            return data.Shape.ToString();
        }
    }

    [Fact]
    public void Arrays_that_may_be_misread_are_refused()
    {
        RefusedData(
            NpyBuilder.Images("<f4", 2, 3, 4, 3),
            "expected channels first or last, found (2, 3, 4, 3), where both ends may be channels");
        RefusedData(NpyBuilder.Images("<f4", 2, 5, 4, 4), "expected 1 or 3 channels, found 4 in (2, 5, 4, 4)");
        RefusedData(NpyBuilder.Images("<f4", 5), "expected observations of shape (count, features), (count, height, width), ");
        RefusedData(NpyBuilder.Images("<f4", 2, 5, 5, 5), "expected observations of shape (count, features)");
        RefusedData(
            NpyBuilder.File(NpyBuilder.Header("<i8", 2, 1), [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes((1L << 24) + 1)]),
            "found the integer 16777217, which single precision does not hold");
        RefusedData(
            NpyBuilder.File(NpyBuilder.Header("<u8", 2, 1), [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(-1L)]),
            "expected numbers up to 9223372036854775807, found 18446744073709551615");

        void RefusedData(byte[] file, string problem)
        {
            string path = folder.Write("a.npy", file);
            Assert.StartsWith(
                $"{path}: {problem}",
                Assert.Throws<DataFormatException>(() => NpyFile.Load(path)).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(2, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(3, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(1, "{\"shape\":(1,2,3),\"fortran_order\":False,\"descr\":\"|u1\"}")]
    public void Headers_of_all_versions_and_of_other_writers_are_read(int version, string header)
    {
        Tensor images = NpyFile.Read(folder.Write("a.npy", NpyBuilder.File(header, [0, 1, 2, 3, 4, 5], version)));
        Assert.Equal([0, 1, 2, 3, 4, 5], Numeric.Values(images));
    }

    [Fact]
    public void A_file_of_more_than_a_chunk_is_read_whole()
    {
        byte[] elements = new byte[3 << 20];
        new Random(1).NextBytes(elements);
        Tensor images = NpyFile.Read(folder.Write("a.npy", NpyBuilder.File(NpyBuilder.Header("|u1", 3, 1024, 1024), elements)));
        Assert.Equal(elements, images.data<byte>().ToArray());
    }

    [Theory]
    [InlineData("", 18, 2)]
    [InlineData(":7", 13, 7)]
    public void A_file_gives_the_data_in_it_the_last_images_to_test_on(string test, long trainCount, long testCount)
    {
        string path = folder.Write("mine.npy", NpyBuilder.Images("|u1", 20, 1, 2));
        DataSource source = DataCatalogue.Parse(path + test);
        Assert.Equal(path + test, source.Id);
        using ImageData data = source.Load();
        Assert.Equal(("mine", "mine train", "mine test"), (data.Name, data.Train.Name, data.Test.Name));
        Assert.Equal((trainCount, testCount), (data.Train.Count, data.Test.Count));
        Assert.Equal(39 / 255f, (float)Numeric.Values(data.Test.Pixels)[^1]);
        Assert.Equal(0, Numeric.Values(data.Train.Pixels)[0]);
    }

    [Fact]
    public void Files_that_are_none_are_refused_with_the_reason()
    {
        byte[] good = NpyBuilder.Images("|u1", 2, 2, 2);
        Refused([], "the file is empty");
        Refused("\u0093NUMPZ"u8.ToArray(),
            "not a .npy file of version 1, 2 or 3: expected it to start with 93 4e 55 4d 50 59 and the version");
        Refused([.. good[..6], 4, .. good[7..]],
            "not a .npy file of version 1, 2 or 3: expected it to start with 93 4e 55 4d 50 59 and the version");
        Refused(good[..50], "truncated or damaged: expected a header of at most 40 bytes, found 118");
        Refused(good[..^1], $"truncated: expected {good.Length} bytes for |u1 of shape (2, 2, 2) and the header, found {good.Length - 1}");
        Refused([.. good, 1],
            $"trailing bytes: expected {good.Length} bytes for |u1 of shape (2, 2, 2) and the header, found {good.Length + 1}");
        Refused(NpyBuilder.File("{}", []), "expected a header with one descr, found: {}");
        Refused(
            NpyBuilder.File("{'descr': '|u1', 'descr': '|u1'}", []),
            "expected a header with one descr, found: {'descr': '|u1', 'descr': '|u1'}");
        const string types =
            "expected numbers of type b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8, with <, > or = for the byte order; ";
        Refused(
            NpyBuilder.File("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1), }", [1]),
            types + "found |O; array.astype('float32') converts");
        Refused(
            NpyBuilder.File("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1, 1), }", [1]),
            types + "found <c8; array.astype('float32') converts");
        Refused(NpyBuilder.File(NpyBuilder.Header("|u1", 2, 0, 4), []), "expected a shape of positive sizes, found (2, 0, 4)");
        Refused(
            NpyBuilder.File("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967295, 4294967295, 4294967295), }", []),
            "truncated: expected 633825299671392843082401579128 bytes for <f8 of shape (4294967295, 4294967295, 4294967295) and the "
                + "header, found 128");
        Refused(NpyBuilder.File("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1), 'x': __import__('os')}", [1]),
            "expected a header with descr, fortran_order and shape alone, found also: *");
        string path = folder.Write(
            "nan.npy", NpyBuilder.File(
                NpyBuilder.Header("<f4", 2, 1, 1), [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(float.NaN)]));
        Assert.Equal(
            $"{path}: expected finite pixels, found NaN in image 1, pixel 0",
            Assert.Throws<DataFormatException>(() => NpyFile.Load(path)).Message);
        string other = folder.Write("a.bin", [1]);
        Assert.Equal(
            $"data '{other}' is a file of another kind; expected a folder of IDX files or images, a table (.csv), a .npy file; "
                + "for an IDX file or an image, name the folder it is in",
            Assert.Throws<FormatException>(() => DataCatalogue.Parse(other)).Message);
    }

    private void Refused(byte[] bytes, string problem)
    {
        string path = folder.Write("bad.npy", bytes);
        string message = Assert.Throws<DataFormatException>(() => NpyFile.Read(path)).Message;
        if (problem.EndsWith('*'))
        {
            Assert.StartsWith($"{path}: {problem[..^1]}", message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal($"{path}: {problem}", message);
        }
    }
}
