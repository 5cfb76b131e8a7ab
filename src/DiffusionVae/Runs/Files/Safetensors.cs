using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DiffusionVae.Data;

namespace DiffusionVae.Runs;

/// <summary>
/// Writes and reads files of named tensors in the safetensors format
/// (https://github.com/huggingface/safetensors), which other programs read too: the length of the header as a
/// little-endian 64-bit number, the header (JSON, padded with spaces to a multiple of 8), the elements.
/// </summary>
/// <remarks>
/// <para>
/// The format has no checksum, so one is kept in its metadata: the header starts with
/// <c>{"__metadata__":{"sha256":"</c>, 64 lower-case hexadecimal digits and <c>"</c>. The digits, bytes 35 to
/// 98 of the file counted from 0, are the SHA-256 of the whole file with each of them replaced by <c>0</c>.
/// Hence any change of any byte shows. Other programs see an entry of the metadata like any other.
/// </para>
/// <para>Element types are F64, I64, F32, I32, F16, BF16 and U8. Reading takes no more memory than the file
/// is long, whatever its header says.</para>
/// </remarks>
internal static class Safetensors
{
    private static ReadOnlySpan<byte> BeforeChecksum => "{\"__metadata__\":{\"sha256\":\""u8;

    private static Range Digits
    {
        get
        {
            int start = SafetensorsHeader.LengthSize + BeforeChecksum.Length;
            return start..(start + (2 * SHA256.HashSizeInBytes));
        }
    }

    /// <summary>Writes a file as a whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file, new or to be replaced; its folder must exist.</param>
    /// <param name="tensors">
    /// Tensors of any shape, layout and device, and their names, each once; wider types are placed first,
    /// else in this order.
    /// </param>
    /// <param name="metadata">What else to keep; <c>sha256</c> is taken.</param>
    /// <exception cref="ArgumentException">
    /// A name is double, reserved or not valid text, or the element type of a tensor cannot be stored;
    /// nothing is written.
    /// </exception>
    /// <exception cref="IOException">The system failed to write.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written
    /// to.</exception>
    public static void Write(
        string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header =
            SafetensorsHeaderWriter.Write(tensors, metadata ?? new Dictionary<string, string>(), out IReadOnlyList<Tensor> ordered);
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            stream.Write(header);
            hash.AppendData(header);
            foreach (Tensor tensor in ordered)
            {
                using var scope = NewDisposeScope();
                TensorBytes.ForEachChunk(tensor.detach().cpu().contiguous(), bytes =>
                {
                    stream.Write(bytes);
                    hash.AppendData(bytes);
                });
            }

            stream.Position = Digits.Start.Value;
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())));
        });
    }

    /// <summary>Reads a file and verifies its checksum.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireChecksum">
    /// False also reads files of other programs, which have no checksum where this one looks for it; damage
    /// to them goes unnoticed.
    /// </param>
    /// <returns>Tensors and metadata, owned by the caller.</returns>
    /// <exception cref="DataFormatException">
    /// The file is missing, damaged, or not of this format. No other exception comes of the content of a
    /// file.
    /// </exception>
    /// <exception cref="IOException">The system failed to read the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafetensorsFile Read(string path, bool requireChecksum = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = DataFiles.Open(path);
        byte[] start = ReadHeader(path, stream);
        string? expected = TakeChecksum(start);
        if (expected is null && requireChecksum)
        {
            throw new DataFormatException(
                path, "expected the header to start with a checksum, found none: the file is damaged or of another program");
        }

        SafetensorsHeader header =
            SafetensorsHeader.Parse(path, start.AsMemory(SafetensorsHeader.LengthSize), stream.Length - start.Length);
        if (expected is not null)
        {
            header.Metadata.Remove(SafetensorsHeader.ChecksumName);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        Dictionary<string, Tensor> tensors = [];
        var file = new SafetensorsFile(tensors, header.Metadata, expected);
        try
        {
            foreach (TensorEntry entry in header.Tensors)
            {
                Tensor tensor = empty(entry.Shape, entry.Type).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                TensorBytes.ForEachChunk(tensor, bytes =>
                {
                    stream.ReadExactly(bytes);
                    hash.AppendData(bytes);
                });
            }

            string found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return expected is null || found == expected
                ? file
                : throw new DataFormatException(
                    path, $"damaged: expected content with SHA-256 {expected}, as its header says, found {found}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The start of the file: the length of the header, and the header.</summary>
    private static byte[] ReadHeader(string path, FileStream stream)
    {
        Span<byte> lengthBytes = stackalloc byte[SafetensorsHeader.LengthSize];
        if (stream.Length < SafetensorsHeader.LengthSize)
        {
            throw new DataFormatException(
                path, Invariant($"truncated: expected at least {SafetensorsHeader.LengthSize} bytes, found {stream.Length}"));
        }

        stream.ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        long most = Math.Min(SafetensorsHeader.LongestHeader, stream.Length - SafetensorsHeader.LengthSize);
        if (length > (ulong)most)
        {
            throw new DataFormatException(
                path, Invariant($"truncated or not a safetensors file: expected a header of at most {most} bytes, found {length}"));
        }

        byte[] start = new byte[SafetensorsHeader.LengthSize + (int)length];
        lengthBytes.CopyTo(start);
        stream.ReadExactly(start.AsSpan(SafetensorsHeader.LengthSize));
        return start;
    }

    /// <summary>The checksum, replaced by zeros where it stood; null if it does not stand where
    /// <see cref="Write"/> puts it.</summary>
    private static string? TakeChecksum(byte[] start)
    {
        if (start.Length <= Digits.End.Value || !start.AsSpan(SafetensorsHeader.LengthSize).StartsWith(BeforeChecksum)
            || start[Digits.End] != '"')
        {
            return null;
        }

        Span<byte> digits = start.AsSpan(Digits);
        string checksum = Encoding.ASCII.GetString(digits);
        digits.Fill((byte)'0');
        return checksum;
    }
}
