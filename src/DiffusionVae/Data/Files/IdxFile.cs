using System.Buffers.Binary;

namespace DiffusionVae.Data;

/// <summary>
/// Reads the IDX format of the MNIST database. It consists of two zero bytes, the type of the elements, the
/// rank, the sizes as big-endian 32-bit numbers, and the elements. Elements must be unsigned bytes (type 08),
/// of rank 3 (images) or 1 (labels). Labels may also be rows of 32-bit numbers (type 0c, rank 2), as QMNIST
/// has them: the class is the first of a row. A file may be gzipped; its content tells, not its name.
/// </summary>
/// <remarks>Reading takes no more memory than the file has content, whatever its header says.</remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const byte Int32 = 0x0C;

    /// <summary>Reads a file of images.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <returns>Pixels of type uint8 and shape [count, height, width], with no size 0. The caller owns the
    /// tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a complete and valid IDX file
    /// of images.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor ReadImages(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using ContentReader reader = ContentReader.Open(path);
        (_, long[] sizes) = ReadHeader(path, reader, "images");
        byte[] elements = ReadElements(path, reader, sizes, sizeof(byte));
        Tensor tensor = torch.empty(sizes, ScalarType.Byte);
        elements.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>Reads a file of labels.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <returns>Labels of type int64 and shape [count], with at least one label. The caller owns the
    /// tensor.</returns>
    /// <exception cref="DataFormatException">The file does not exist, or is not a complete and valid IDX file
    /// of labels.</exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Tensor ReadLabels(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using ContentReader reader = ContentReader.Open(path);
        (byte type, long[] sizes) = ReadHeader(path, reader, "labels");
        byte[] elements = ReadElements(path, reader, sizes, type == Int32 ? sizeof(int) : sizeof(byte));
        long[] labels = type == Int32
            ? [.. elements.Chunk(sizeof(int) * (int)sizes[1]).Select(row => (long)BinaryPrimitives.ReadInt32BigEndian(row))]
            : [.. elements.Select(element => (long)element)];
        return torch.tensor(labels);
    }

    /// <summary>Reads images and their labels.</summary>
    /// <param name="name">The name of the set in messages and reports.</param>
    /// <param name="imagesPath">The file of images.</param>
    /// <param name="labelsPath">The file of labels; null if there is none.</param>
    /// <returns>The images, with pixels scaled from 0..255 to [0, 1].</returns>
    /// <exception cref="DataFormatException">A file is missing or invalid, or the numbers of labels and
    /// images differ.</exception>
    /// <exception cref="IOException">The system failed to read a file.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static ImageSet ReadSet(string name, string imagesPath, string? labelsPath = null)
    {
        using var scope = torch.NewDisposeScope();
        Tensor images = ReadImages(imagesPath);
        Tensor? labels = labelsPath is null ? null : ReadLabels(labelsPath);
        if (labels is not null && labels.shape[0] != images.shape[0])
        {
            throw new DataFormatException(
                labelsPath!, Invariant($"expected {images.shape[0]} labels, one for each image of {imagesPath}, found {labels.shape[0]}"));
        }
        return new ImageSet(name, images, labels);
    }

    /// <summary>Reads type, rank and sizes of images or labels.</summary>
    private static (byte Type, long[] Sizes) ReadHeader(string path, ContentReader reader, string kind)
    {
        Span<byte> start = stackalloc byte[4];
        int read = reader.Read(start);
        if (read < start.Length)
        {
            throw new DataFormatException(
                path, Invariant($"truncated: expected the 4 bytes an IDX file starts with, found {read}{reader.Where}"));
        }
        if (start[0] != 0 || start[1] != 0)
        {
            throw new DataFormatException(
                path, $"not an IDX file: expected the first two bytes 00 00, found {start[0]:x2} {start[1]:x2}{reader.Where}");
        }
        (byte type, int rank) = (start[2], start[3]);
        bool areRows = kind == "labels" && type == Int32 && rank == 2;
        if (type != UnsignedByte && !areRows)
        {
            throw new DataFormatException(
                path, $"expected elements of type unsigned byte (08), the only one read, found {TypeName(type)} ({type:x2})");
        }
        int expected = kind == "images" ? 3 : 1;
        if (rank != expected && !areRows)
        {
            string hint = rank switch { 1 => ", that of labels", 3 => ", that of images", _ => "" };
            throw new DataFormatException(path, Invariant($"expected {kind}, of rank {expected}, found rank {rank}{hint}"));
        }
        byte[] header = new byte[sizeof(int) * rank];
        read += reader.Read(header);
        if (read < start.Length + header.Length)
        {
            throw new DataFormatException(
                path, Invariant($"truncated: expected a header of {start.Length + header.Length} bytes, found {read}{reader.Where}"));
        }
        long[] sizes = [.. header.Chunk(sizeof(int)).Select(size => (long)BinaryPrimitives.ReadUInt32BigEndian(size))];
        return Array.IndexOf(sizes, 0) < 0
            ? (type, sizes)
            : throw new DataFormatException(path, $"expected at least one of the {kind}, with at least one pixel, found {Describe(sizes)}");
    }

    private static byte[] ReadElements(string path, ContentReader reader, long[] sizes, int sizeOfElement)
    {
        // The product of three sizes below 2³² needs more than 64 bits, but no more than 128.
        UInt128 length = (UInt128)sizeOfElement;
        foreach (long size in sizes)
        {
            length *= (UInt128)size;
        }
        int header = 4 + (4 * sizes.Length);
        string expected = Invariant($"expected {length + (UInt128)header} bytes for {Describe(sizes)} and the header");
        long longest = reader.LongestContent - header;
        if (length > (UInt128)longest)
        {
            string atMost = reader.Where.Length == 0 ? "" : "at most ";
            throw new DataFormatException(path, Invariant($"truncated: {expected}, found {atMost}{reader.LongestContent}{reader.Where}"));
        }
        if (length > (UInt128)Array.MaxLength)
        {
            string most = Invariant($"at most {Array.MaxLength}; a .npy file may have more");
            throw new DataFormatException(path, Invariant($"too large: {Describe(sizes)} are {length} bytes, expected {most}"));
        }
        byte[] elements = BoundedRead.Read((int)length, reader.Read);
        if (elements.Length < (int)length)
        {
            throw new DataFormatException(path, Invariant($"truncated: {expected}, found {elements.Length + header}{reader.Where}"));
        }
        if (reader.Read(stackalloc byte[1]) > 0)
        {
            string found = reader.Where.Length == 0 ? Invariant($"{reader.LongestContent}") : "more";
            throw new DataFormatException(path, $"trailing bytes: {expected}, found {found}{reader.Where}");
        }
        reader.CheckEnd();
        return elements;
    }

    private static string Describe(long[] sizes) => sizes.Length switch
    {
        1 => Invariant($"{sizes[0]} labels"),
        2 => Invariant($"{sizes[0]} labels in rows of {sizes[1]} numbers"),
        _ => Invariant($"{sizes[0]} images of {sizes[1]} by {sizes[2]} pixels"),
    };

    private static string TypeName(byte type) => type switch
    {
        0x09 => "signed byte",
        0x0B => "int16",
        Int32 => "int32",
        0x0D => "float32",
        0x0E => "float64",
        _ => "an unknown type",
    };
}
