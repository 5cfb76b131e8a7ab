using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DiffusionVae.Data;

/// <summary>
/// Reads images from a .npy file, the format in which NumPy saves one array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
/// [count, height, width] in C order, of unsigned bytes (grey values 0 to 255) or of float32 or float64 (as they are), in either order of bytes.
/// </summary>
/// <remarks>No more memory is taken than the file is long, whatever its header says, and nothing in it is executed: arrays of Python objects are refused.</remarks>
public static class NpyFile
{
    /// <summary>Reads the images of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Pixels of type uint8, float32 or float64 and shape [count, height, width], none of which is zero. The caller owns the tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a whole and valid .npy file of images.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor ReadImages(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = DataFiles.Open(path);
        NpyHeader header = NpyHeader.Read(path, file);
        Tensor tensor = empty(header.Shape, header.Type);
        try
        {
            TensorBytes.ForEachChunk(tensor, bytes =>
            {
                file.ReadExactly(bytes);
                if (header.IsSwapped)
                {
                    Swap(bytes, header.Type);
                }
            });
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads a data set, the last images of the file being those to test on.</summary>
    /// <param name="path">The file.</param>
    /// <param name="test">How many are to test on; by default a tenth, rounded up.</param>
    /// <returns>The data set, named like the file; bytes are scaled to [0, 1].</returns>
    /// <exception cref="DataFormatException">The file does not exist or is invalid, a value is not finite, or no image is left to train on.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ImageData Load(string path, long? test = null)
    {
        using var scope = NewDisposeScope();
        return TestSplit.Of(path, Path.GetFileNameWithoutExtension(path), ReadImages(path), test);
    }

    private static void Swap(Span<byte> bytes, ScalarType type)
    {
        if (type == ScalarType.Float64)
        {
            Span<long> wide = MemoryMarshal.Cast<byte, long>(bytes);
            BinaryPrimitives.ReverseEndianness(wide, wide);
        }
        else
        {
            Span<int> narrow = MemoryMarshal.Cast<byte, int>(bytes);
            BinaryPrimitives.ReverseEndianness(narrow, narrow);
        }
    }
}
