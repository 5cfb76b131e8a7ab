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
    [InlineData("<f4", ScalarType.Float32, 8)]
    [InlineData(">f4", ScalarType.Float32, 8)]
    [InlineData("<f8", ScalarType.Float64, 8)]
    [InlineData(">f8", ScalarType.Float64, 8)]
    public void Every_type_is_read_in_either_order_of_bytes(string type, ScalarType expected, double divisor)
    {
        Tensor images = NpyFile.ReadImages(folder.Write("a.npy", NpyBuilder.Images(type, 5, 3, 4)));
        Assert.Equal(expected, images.dtype);
        Assert.Equal([5, 3, 4], images.shape);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i / divisor), Numeric.Values(images));
    }

    [Theory]
    [InlineData(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(2, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(3, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }")]
    [InlineData(1, "{\"shape\":(1,2,3),\"fortran_order\":False,\"descr\":\"|u1\"}")]
    public void Headers_of_all_versions_and_of_other_writers_are_read(int version, string header)
    {
        Tensor images = NpyFile.ReadImages(folder.Write("a.npy", NpyBuilder.File(header, [0, 1, 2, 3, 4, 5], version)));
        Assert.Equal([0, 1, 2, 3, 4, 5], Numeric.Values(images));
    }

    [Fact]
    public void A_file_of_more_than_a_chunk_is_read_whole()
    {
        byte[] elements = new byte[3 << 20];
        new Random(1).NextBytes(elements);
        Tensor images = NpyFile.ReadImages(folder.Write("a.npy", NpyBuilder.File(NpyBuilder.Header("|u1", 3, 1024, 1024), elements)));
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
        Refused(NpyBuilder.File("{'descr': '|u1', 'descr': '|u1'}", []),
            "expected a header with one descr, found: {'descr': '|u1', 'descr': '|u1'}");
        Refused(NpyBuilder.File("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1), }", [1]),
            "expected elements of type |u1, <f4, >f4, <f8, >f8, found |O");
        Refused(NpyBuilder.File("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1, 1), }", [
            1]), "expected elements of type |u1, <f4, >f4, <f8, >f8, found <i8");
        Refused(NpyBuilder.File("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 1, 1), }", [1]),
            "expected an array in C order, found one in Fortran order; save it with numpy.ascontiguousarray");
        Refused(NpyBuilder.File(NpyBuilder.Header("|u1", 2, 4), new byte[8]),
            "expected images of shape (count, height, width), at least one with at least one pixel, found (2, 4)");
        Refused(NpyBuilder.File(NpyBuilder.Header("|u1", 2, 0, 4), []),
            "expected images of shape (count, height, width), at least one with at least one pixel, found (2, 0, 4)");
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
        string other = folder.Write("a.txt", [1]);
        Assert.Equal($"data '{other}' is a file of another kind; expected a folder of IDX files or PNG images, a .npy file; for an "
            + $"IDX or PNG file, name the folder it is in", Assert.Throws<FormatException>(() => DataCatalogue.Parse(other)).Message);
    }

    private void Refused(byte[] bytes, string problem)
    {
        string path = folder.Write("bad.npy", bytes);
        string message = Assert.Throws<DataFormatException>(() => NpyFile.ReadImages(path)).Message;
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
