namespace DiffusionVae.Data;

/// <summary>
/// Reads content of an announced length. Memory grows with the bytes that arrive, so that a false length
/// costs nothing.
/// </summary>
internal static class BoundedRead
{
    private const int FirstRoom = 1 << 16;

    public delegate int Reader(Span<byte> buffer);

    /// <summary>Reads the bytes of some content.</summary>
    /// <param name="length">The announced length.</param>
    /// <param name="read">Fills a buffer, except at the end of the content, and returns the number of bytes
    /// read.</param>
    /// <returns>The bytes; fewer than announced if the content ends before.</returns>
    public static byte[] Read(int length, Reader read)
    {
        byte[] bytes = [];
        int found = 0;
        while (found < length)
        {
            int room = (int)Math.Min(length, Math.Max(FirstRoom, 2L * found));
            Array.Resize(ref bytes, room);
            found += read(bytes.AsSpan(found));
            if (found < room)
            {
                Array.Resize(ref bytes, found);
                break;
            }
        }
        return bytes;
    }
}
