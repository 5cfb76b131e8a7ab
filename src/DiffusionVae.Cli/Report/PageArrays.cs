using System.IO.Compression;
using System.Runtime.InteropServices;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// Arrays on their way into a page: one after another, zipped together, and a table of contents.
/// </summary>
internal sealed class PageArrays
{
    private readonly List<(Entry Entry, byte[] Bytes)> arrays = [];

    /// <summary>What the page needs to take them apart again.</summary>
    public IEnumerable<Entry> Entries => arrays.Select(array => array.Entry);

    public void Add(string name, ReadOnlySpan<Half> values) => Add(name, "float16", MemoryMarshal.AsBytes(values));

    public void Add(string name, ReadOnlySpan<float> values) => Add(name, "float32", MemoryMarshal.AsBytes(values));

    public void Add(string name, ReadOnlySpan<int> values) => Add(name, "int32", MemoryMarshal.AsBytes(values));

    public void Add(string name, ReadOnlySpan<byte> values) => Add(name, "uint8", values);

    /// <summary>All of them, gzipped, in base64.</summary>
    public string ToBase64()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach ((_, byte[] bytes) in arrays)
            {
                gzip.Write(bytes);
            }
        }
        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    private void Add(string name, string type, ReadOnlySpan<byte> values)
    {
        int offset = arrays.Sum(array => array.Bytes.Length);
        arrays.Add((new Entry(name, type, offset, values.Length), values.ToArray()));
    }

    /// <param name="Name">What the page calls the array.</param>
    /// <param name="Type">float16, float32, int32 or uint8; little-endian.</param>
    /// <param name="Offset">The first byte.</param>
    /// <param name="Length">The number of bytes.</param>
    internal sealed record Entry(string Name, string Type, int Offset, int Length);
}
