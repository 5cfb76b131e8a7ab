using System.Runtime.InteropServices;

namespace DiffusionVae.Data;

/// <summary>
/// Reads .npy files, NumPy's format for one array
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): numbers of every type, in either
/// byte order, in C or Fortran order.
/// </summary>
/// <remarks>
/// Reading takes no more memory than a few times the length of the file, whatever its header says. Nothing in
/// the file is executed: arrays of Python objects are refused.
/// </remarks>
public static class NpyFile
{
    private const int ChunkElements = 1 << 17;

    /// <summary>Reads the array of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array with its shape and type. Unsigned numbers of more than a byte have a signed type
    /// that holds them. The caller owns the tensor.</returns> <exception cref="DataFormatException">The file
    /// does not exist, or is not a complete and valid .npy file of numbers.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = DataFiles.Open(path);
        NpyHeader header = NpyHeader.Read(path, file);
        using var scope = torch.NewDisposeScope();
        // In Fortran order the elements are those of the transposed array.
        long[] stored = header.IsFortran ? [.. header.Shape.Reverse()] : header.Shape;
        Tensor tensor = torch.empty(stored, header.Type.Tensor);
        if (header.Type is { Kind: 'u', Size: > 1 })
        {
            ReadUnsigned(path, file, header.Type, tensor);
        }
        else
        {
            TensorBytes.ForEachChunk(tensor, bytes =>
            {
                file.ReadExactly(bytes);
                header.Type.Swap(bytes);
            });
        }
        Tensor array = header.IsFortran
            ? tensor.permute([.. Enumerable.Range(0, stored.Length).Select(i => (long)(stored.Length - 1 - i))]).contiguous()
            : tensor;
        return array.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Reads a data set: vectors, [count, features]; grey images, [count, height, width]; or images with 1 or
    /// 3 channels, which may come before height and width or after them. The last ones are to test on.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="test">The number of test observations; by default a tenth, rounded up.</param>
    /// <param name="labels">A file with a label for each observation, as seen from the folder of the array:
    /// an array of integers (.npy) or a table of one column (.csv); null if there are none.</param>
    /// <returns>The data set, named like the file. Bytes of images are scaled to [0, 1].</returns>
    /// <exception cref="DataFormatException">The file does not exist or is invalid, a value is not finite or
    /// has more digits than single precision holds, the numbers of labels and observations differ, or no
    /// observation is left to train on.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ImageData Load(string path, long? test = null, string? labels = null)
    {
        using var scope = torch.NewDisposeScope();
        Tensor array = Read(path);
        string format = $"an array of NumPy, {array.dtype} ({string.Join(", ", array.shape)})";
        (long[]? classes, IReadOnlyList<string> names) = labels is null
            ? (null, [])
            : LabelFile.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, labels), array.shape[0]);
        return TestSplit.Create(
            path, Path.GetFileNameWithoutExtension(path), Observations.FromArray(path, array), test, classes, names, format);
    }

    /// <summary>Reads unsigned numbers of 2, 4 or 8 bytes into a tensor of a wider type.</summary>
    private static void ReadUnsigned(string path, FileStream file, NpyType type, Tensor tensor)
    {
        byte[] buffer = new byte[ChunkElements * type.Size];
        using Tensor flat = tensor.view(-1);
        for (long start = 0; start < flat.numel(); start += ChunkElements)
        {
            int count = (int)Math.Min(ChunkElements, flat.numel() - start);
            Span<byte> bytes = buffer.AsSpan(0, count * type.Size);
            file.ReadExactly(bytes);
            type.Swap(bytes);
            using Tensor chunk = flat.narrow(0, start, count);
            Widen(path, bytes, type.Size, chunk.bytes);
        }
    }

    private static void Widen(string path, ReadOnlySpan<byte> narrow, int size, Span<byte> wide)
    {
        Span<int> ints = MemoryMarshal.Cast<byte, int>(wide);
        Span<long> longs = MemoryMarshal.Cast<byte, long>(wide);
        for (int i = 0; i < narrow.Length / size; i++)
        {
            switch (size)
            {
                case 2: ints[i] = MemoryMarshal.Read<ushort>(narrow[(2 * i)..]); break;
                case 4: longs[i] = MemoryMarshal.Read<uint>(narrow[(4 * i)..]); break;
                default:
                    ulong value = MemoryMarshal.Read<ulong>(narrow[(8 * i)..]);
                    longs[i] = value <= long.MaxValue
                        ? (long)value
                        : throw new DataFormatException(path, Invariant($"expected numbers up to {long.MaxValue}, found {value}"));
                    break;
            }
        }
    }
}
