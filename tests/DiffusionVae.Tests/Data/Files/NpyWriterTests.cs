using System.Text;
using DiffusionVae.Data;

namespace DiffusionVae.Tests.Data;

public class NpyWriterTests
{
    [Theory]
    [InlineData("()")]
    [InlineData("(3,)", 3)]
    [InlineData("(2, 3)", 2, 3)]
    [InlineData("(0, 4, 5)", 0, 4, 5)]
    public void The_header_is_that_of_numpy(string shape, params int[] lengths)
    {
        byte[] file = Written(lengths, [new float[lengths.Aggregate(1, (product, length) => product * length)]]);
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], file[..8]);
        int header = 10 + file[8] + (256 * file[9]);
        // "so that the total length is evenly divisible by 64" (numpy.lib.format).
        Assert.Equal(0, header % 64);
        string text = Encoding.ASCII.GetString(file[10..header]);
        Assert.Equal($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", text.TrimEnd());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_follow_in_order_whatever_the_pieces()
    {
        byte[] file = Written([2, 3], [[1, 2], [], [3, 4, 5, float.NaN]]);
        float[] numbers =
            [.. file[^24..].Chunk(4).Select(bytes => BitConverter.ToSingle(BitConverter.IsLittleEndian ? bytes : [.. bytes.Reverse()]))];
        Assert.Equal([1, 2, 3, 4, 5, float.NaN], numbers);
    }

    [Theory]
    [InlineData(5, "found 5")]
    [InlineData(7, "found more")]
    public void More_or_fewer_numbers_than_the_shape_says_are_refused(int count, string found)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Written([2, 3], [new float[count]]));
        Assert.Contains("expected 6 numbers for the shape (2, 3), " + found, fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Written(int[] shape, float[][] pieces)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, [.. shape.Select(length => (long)length)], pieces);
        return stream.ToArray();
    }
}
