namespace DiffusionVae.Training;

/// <summary>Points joined to their nearest neighbours, with weights that fall with distance.</summary>
/// <remarks>
/// <para>
/// Two points are joined if one is among the k nearest of the other. The weight is exp(-d²/(s_i s_j)), d
/// being their distance and s_i that of point i from its k-th neighbour (Zelnik-Manor and Perona 2004): it
/// does not depend on the scale of the data, nor on how densely they lie.
/// </para>
/// <para>The neighbours of point i stand at <see cref="Offsets"/>[i] to <see cref="Offsets"/>[i + 1].</para>
/// </remarks>
internal sealed class NeighbourGraph
{
    private const int BlockRows = 512;

    private NeighbourGraph(int[] offsets, int[] targets, float[] weights) =>
        (Offsets, Targets, Weights) = (offsets, targets, weights);

    /// <summary>Where the neighbours of each point begin, and their whole number: count + 1
    /// numbers.</summary>
    public int[] Offsets { get; }

    /// <summary>The neighbours of each point, one point after another, in increasing order.</summary>
    public int[] Targets { get; }

    /// <summary>The weights of the edges to them, above 0 and at most 1.</summary>
    public float[] Weights { get; }

    /// <summary>The number of points.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>Joins points.</summary>
    /// <param name="points">[count, dimensions], float32, on the CPU; at least two.</param>
    /// <param name="neighbours">k, at least 1; at most count - 1 are taken.</param>
    /// <param name="serial">Shares the work.</param>
    public static NeighbourGraph Create(Tensor points, int neighbours, SerialScope serial)
    {
        int count = (int)points.size(0), k = Math.Min(neighbours, count - 1);
        (int[] nearest, float[] squares) = FindNearest(points, k, serial);
        (ulong[] pairs, float[] distances) = Union(nearest, squares, count, k);

        var offsets = new int[count + 1];
        foreach (ulong pair in pairs)
        {
            offsets[First(pair) + 1]++;
            offsets[Second(pair) + 1]++;
        }
        for (int i = 0; i < count; i++)
        {
            offsets[i + 1] += offsets[i];
        }
        int[] next = offsets[..^1];
        var targets = new int[offsets[^1]];
        var weights = new float[offsets[^1]];
        // The second ends come first: sorted by the first end, they enter the lists in increasing order, and
        // all of them are less than the ends that follow.
        foreach (bool isBackward in (bool[])[true, false])
        {
            for (int e = 0; e < pairs.Length; e++)
            {
                (int from, int to) = isBackward ? (Second(pairs[e]), First(pairs[e])) : (First(pairs[e]), Second(pairs[e]));
                (targets[next[from]], weights[next[from]++]) = (to, Weight(from, to, distances[e]));
            }
        }
        return new NeighbourGraph(offsets, targets, weights);

        float Weight(int from, int to, float square)
        {
            double scale = Math.Sqrt((double)squares[(from * k) + k - 1] * squares[(to * k) + k - 1]);
            // Points may coincide. Numbers that are smallest when normal keep edges from vanishing.
            return (float)Math.Max(Math.Exp(-square / Math.Max(scale, float.Epsilon)), 1e-30);
        }
    }

    /// <summary>Whether every point can be reached from every other.</summary>
    public bool IsConnected()
    {
        var isReached = new bool[Count];
        var open = new Stack<int>([0]);
        isReached[0] = true;
        int reached = 0;
        while (open.TryPop(out int point))
        {
            reached++;
            foreach (int neighbour in Targets.AsSpan(Offsets[point]..Offsets[point + 1]))
            {
                if (!isReached[neighbour])
                {
                    isReached[neighbour] = true;
                    open.Push(neighbour);
                }
            }
        }
        return reached == Count;
    }

    /// <summary>The k nearest of each point, the nearest first, and their squared distances.</summary>
    private static (int[] Nearest, float[] Squares) FindNearest(Tensor points, int k, SerialScope serial)
    {
        int count = (int)points.size(0);
        var nearest = new int[count * k];
        var squares = new float[count * k];
        using Tensor lengths = points.Squared().sum(-1).DetachFromDisposeScope();
        serial.ForEach((count + BlockRows - 1) / BlockRows, block =>
        {
            int start = block * BlockRows, rows = Math.Min(BlockRows, count - start);
            // |y|² - 2 x·y orders the points y by their distance from x.
            Tensor products = points.narrow(0, start, rows).matmul(points.t());
            Tensor distances = products.mul_(serial.MinusTwo).add_(lengths);
            distances.narrow(1, start, rows).diagonal().fill_(serial.Infinity); // not its own neighbour
            (Tensor least, Tensor indices) = distances.topk(k, 1, largest: false);
            float[] found = [.. (least + lengths.narrow(0, start, rows).unsqueeze(1)).contiguous().data<float>()];
            long[] ids = [.. indices.contiguous().data<long>()];
            for (int i = 0; i < ids.Length; i++)
            {
                (nearest[(start * k) + i], squares[(start * k) + i]) = ((int)ids[i], Math.Max(found[i], 0));
            }
        });
        return (nearest, squares);
    }

    /// <summary>The pairs (i, j), i less than j, of which one is a neighbour of the other: each once, in
    /// order.</summary>
    private static (ulong[] Pairs, float[] Squares) Union(int[] nearest, float[] squares, int count, int k)
    {
        var pairs = new ulong[count * k];
        for (int i = 0; i < pairs.Length; i++)
        {
            (uint a, uint b) = ((uint)(i / k), (uint)nearest[i]);
            pairs[i] = ((ulong)Math.Min(a, b) << 32) + Math.Max(a, b);
        }
        float[] sorted = [.. squares];
        Array.Sort(pairs, sorted);
        int kept = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            if (kept > 0 && pairs[kept - 1] == pairs[i])
            {
                // Both ends found it, maybe with other roundings.
                sorted[kept - 1] = Math.Min(sorted[kept - 1], sorted[i]);
            }
            else
            {
                (pairs[kept], sorted[kept++]) = (pairs[i], sorted[i]);
            }
        }
        return (pairs[..kept], sorted[..kept]);
    }

    private static int First(ulong pair) => (int)(pair >> 32);

    private static int Second(ulong pair) => (int)(pair & uint.MaxValue);
}
