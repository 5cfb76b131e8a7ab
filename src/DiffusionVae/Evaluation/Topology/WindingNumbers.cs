namespace DiffusionVae.Evaluation;

/// <summary>Winding numbers of maps between tori: how often mapped loops go round.</summary>
internal static class WindingNumbers
{
    private const int MostSamples = 70_000;

    /// <summary>
    /// The numbers of steps in a turn. They are primes, so that windings too fast for two grids do not look
    /// alike on both.
    /// </summary>
    private static readonly int[] Grids = [31, 41, 67, 131, 263, 521, 1031, 2053, 4099];

    /// <summary>
    /// The longest step, as a share of a turn, whose direction is taken for certain.
    /// </summary>
    private const double LongestStep = 1.0 / 3;

    /// <summary>
    /// Measures the winding matrix of a map. The grid of samples is refined until two grids agree.
    /// </summary>
    /// <param name="dimension">k, the number of circles of both tori.</param>
    /// <param name="map">From angles [count, k], float32, to angles [count, k].</param>
    public static MapDegree Measure(int dimension, Func<Tensor, Tensor> map)
    {
        int[,]? previous = null;
        string obstacle = "";
        foreach (int steps in Grids.TakeWhile(steps => Math.Pow(steps, dimension) <= MostSamples))
        {
            (int[,]? winding, obstacle) = OnGrid(dimension, steps, map);
            if (winding is not null && previous is not null && winding.Cast<int>().SequenceEqual(previous.Cast<int>()))
            {
                return new MapDegree
                {
                    Value = Determinant(winding),
                    Certainty = Certainty.Stable,
                    Winding = Rows(winding),
                    Basis = Invariant($"winding numbers of the loops of a grid of {steps} steps a turn, and of a coarser one"),
                };
            }
            previous = winding;
        }
        return new MapDegree { Value = null, Certainty = Certainty.Undetermined, Basis = obstacle };
    }

    private static (int[,]? Winding, string Obstacle) OnGrid(int dimension, int steps, Func<Tensor, Tensor> map)
    {
        using var scope = torch.NewDisposeScope();
        Tensor turn = torch.arange(steps, dtype: ScalarType.Float32) * (2 * Math.PI / steps);
        Tensor grid = torch.stack([.. torch.meshgrid([.. Enumerable.Repeat(turn, dimension)], indexing: "ij")], -1);
        Tensor turns = (map(grid.view(-1, dimension)) / (2 * Math.PI)).view([.. Enumerable.Repeat((long)steps, dimension), dimension]);
        var winding = new int[dimension, dimension];
        for (int loop = 0; loop < dimension; loop++)
        {
            Tensor difference = turns.roll(-1, loop) - turns;
            Tensor step = difference - difference.round();
            double longest = step.abs().max().ToDouble();
            if (longest > LongestStep)
            {
                return (null, Invariant($"with {steps} samples a turn, neighbours still lie {longest:0.00} of a turn apart"));
            }
            Tensor numbers = step.sum([loop]).round().view(-1, dimension);
            (Tensor least, Tensor most) = (numbers.amin([0]), numbers.amax([0]));
            if (least.ne(most).any().item<bool>())
            {
                return (null, "loops beside each other go round differently often: the map is torn between them");
            }
            for (int circle = 0; circle < dimension; circle++)
            {
                winding[circle, loop] = (int)least[circle].ToSingle();
            }
        }
        return (winding, "");
    }

    private static IReadOnlyList<IReadOnlyList<int>> Rows(int[,] matrix)
    {
        IEnumerable<int> range = Enumerable.Range(0, matrix.GetLength(0));
        return [.. range.Select(i => (IReadOnlyList<int>)[.. range.Select(j => matrix[i, j])])];
    }

    private static int Determinant(int[,] matrix)
    {
        using var scope = torch.NewDisposeScope();
        int size = matrix.GetLength(0);
        double[] entries = [.. matrix.Cast<int>().Select(entry => (double)entry)];
        return (int)Math.Round(torch.linalg.det(torch.tensor(entries, [size, size])).ToDouble());
    }
}
