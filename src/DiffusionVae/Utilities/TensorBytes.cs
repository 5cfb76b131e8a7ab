namespace DiffusionVae;

/// <summary>Access to the memory of a tensor.</summary>
internal static class TensorBytes
{
    private const int ChunkBytes = 1 << 20;

    public delegate void ChunkAction(Span<byte> bytes);

    /// <summary>
    /// Passes the memory of a contiguous tensor on the CPU to an action in pieces, because a span holds at
    /// most 2³¹ bytes.
    /// </summary>
    public static void ForEachChunk(Tensor tensor, ChunkAction action)
    {
        using Tensor flat = tensor.view(-1);
        long count = flat.numel();
        long step = ChunkBytes / flat.ElementSize;
        for (long start = 0; start < count; start += step)
        {
            using Tensor chunk = flat.narrow(0, start, Math.Min(step, count - start));
            action(chunk.bytes);
        }
    }
}
