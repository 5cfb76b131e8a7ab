namespace DiffusionVae.Manifolds;

/// <summary>Points all over a manifold, from which to search for the nearest one to a given point.</summary>
internal sealed class StartingPoints
{
    private const int Count = 1024;
    private const int Rounds = 4;
    private const int Chunk = 1024;

    /// <summary>
    /// [count, count]: which points are so near to each other that a search from both would end in the same
    /// place.
    /// </summary>
    private readonly Tensor neighbours;

    private StartingPoints(Tensor points, long[] chosen, double spacing)
    {
        using var scope = torch.NewDisposeScope();
        (Points, Chosen, Spacing) = (points.DetachFromDisposeScope(), chosen, spacing);
        neighbours = torch.cdist(points, points).le(3 * spacing).DetachFromDisposeScope();
    }

    /// <summary>[count, n], float64, on the processor.</summary>
    public Tensor Points { get; }

    /// <summary>Which points of the pool they are.</summary>
    public IReadOnlyList<long> Chosen { get; }

    /// <summary>No point of the pool is farther than this from one of them, in length units.</summary>
    public double Spacing { get; }

    /// <summary>
    /// Chooses points, each the farthest of the pool from those before it, so that they are spread evenly
    /// however the pool is.
    /// </summary>
    /// <param name="pool">[size, n], float64, on the processor.</param>
    public static StartingPoints From(Tensor pool)
    {
        (int size, int n) = ((int)pool.size(0), (int)pool.size(1));
        double[] all = pool.data<double>().ToArray();
        var distance = new double[size];
        Array.Fill(distance, double.PositiveInfinity);
        var chosen = new List<long>();
        for (int next = 0; chosen.Count < Math.Min(Count, size); next = Array.IndexOf(distance, distance.Max()))
        {
            chosen.Add(next);
            ReadOnlySpan<double> centre = all.AsSpan(next * n, n);
            for (int i = 0; i < size; i++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                {
                    double difference = all[(i * n) + k] - centre[k];
                    sum += difference * difference;
                }
                distance[i] = Math.Min(distance[i], sum);
            }
        }
        long[] indices = [.. chosen];
        return new StartingPoints(pool[torch.tensor(indices)], indices, Math.Sqrt(distance.Max()));
    }

    /// <summary>
    /// The nearest point to each x that a search finds, started wherever the nearest might be.
    /// </summary>
    /// <param name="x">[b, n], float64.</param>
    /// <param name="search">
    /// From rows of x, [c, n], and indices of starting points, [c], to what was found, [c, ...], and its
    /// distance, [c].
    /// </param>
    /// <returns>What was found for each row, [b, ...].</returns>
    public Tensor Nearest(Tensor x, Func<Tensor, Tensor, (Tensor Found, Tensor Distance)> search) =>
        torch.cat([.. x.split(Chunk, 0).Select(part => OfChunk(part, search))], 0);

    private Tensor OfChunk(Tensor x, Func<Tensor, Tensor, (Tensor Found, Tensor Distance)> search)
    {
        long count = x.size(0);
        Tensor distances = torch.cdist(x, Points.to(x.device));
        Tensor near = neighbours.to(x.device);
        Tensor limit = distances.min(-1).values + Spacing;
        List<Tensor> rows = [], starts = [], places = [];
        for (int round = 0; round < Rounds; round++)
        {
            (Tensor nearest, Tensor index) = distances.min(-1);
            Tensor hopeful = nearest.le(limit).nonzero().squeeze(-1);
            rows.Add(hopeful);
            starts.Add(index[hopeful]);
            places.Add(hopeful + (round * count));
            distances = distances.masked_fill(near[index], double.PositiveInfinity);
        }
        Tensor row = torch.cat(rows);
        (Tensor found, Tensor distance) = search(x[row], torch.cat(starts));
        Tensor place = torch.cat(places);
        Tensor table = torch.full([Rounds * count], double.PositiveInfinity, ScalarType.Float64, x.device).index_copy(0, place, distance);
        Tensor origin =
            torch.zeros([Rounds * count], ScalarType.Int64, x.device).index_copy(0, place, torch.arange(row.size(0), device: x.device));
        Tensor best = table.view(Rounds, count).argmin(0);
        return found[origin[(best * count) + torch.arange(count, device: x.device)]];
    }
}
