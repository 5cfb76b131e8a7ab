namespace DiffusionVae.Data;

/// <summary>Reads content of which is known how long it ought to be, but not whether it is there: memory is taken as bytes come.</summary>
internal static class BoundedRead
{
    private const int FirstRoom = 1 << 16;

    public delegate int Reader(Span<byte> buffer);

    /// <summary>Reads so many bytes, or as many as there are.</summary>
    /// <param name="length">How many there ought to be.</param>
    /// <param name="read">Fills a buffer; gives less than the buffer takes only at the end.</param>
    /// <returns>The bytes; fewer than asked for at the end of the content.</returns>
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
