using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DiffusionVae.Data;

/// <summary>
/// Reads images from a .npy file, NumPy's format for one array
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). The array must have the shape
/// [count, height, width] in C order. Its elements must be unsigned bytes (grey values 0 to 255) or float32
/// or float64 (taken as they are), in either byte order.
/// </summary>
/// <remarks>
/// Reading takes no more memory than the file is long, whatever its header says. Nothing in the file is
/// executed: arrays of Python objects are refused.
/// </remarks>
public static class NpyFile
{
    /// <summary>Reads the images of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Pixels of type uint8, float32 or float64 and shape [count, height, width], with no size 0.
    /// The caller owns the tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a complete and valid .npy
    /// file of images.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor ReadImages(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = DataFiles.Open(path);
        NpyHeader header = NpyHeader.Read(path, file);
        Tensor tensor = torch.empty(header.Shape, header.Type);
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

    /// <summary>Reads a data set. The last images of the file are the test images.</summary>
    /// <param name="path">The file.</param>
    /// <param name="test">The number of test images; by default a tenth, rounded up.</param>
    /// <returns>The data set, named like the file. Bytes are scaled to [0, 1].</returns>
    /// <exception cref="DataFormatException">The file does not exist or is invalid, a value is not finite, or
    /// no image is left to train on.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ImageData Load(string path, long? test = null)
    {
        using var scope = torch.NewDisposeScope();
        return TestSplit.Create(path, Path.GetFileNameWithoutExtension(path), ReadImages(path), test);
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
