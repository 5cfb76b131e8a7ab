using DiffusionVae.Cli.Figures;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// The points of a manifold over a chart, and their places on surfaces, as the page needs them: values at a
/// grid of nodes between which it interpolates (<c>series.js</c>). Nodes are Chebyshev's points, or even
/// steps of a period, so that smooth charts need few.
/// </summary>
internal sealed class ChartSeries
{
    private const int Probes = 48;
    private const int MostNumbers = 400_000;

    /// <summary>Of the greatest value; about what single precision and a picture need.</summary>
    private const double Tolerance = 2e-6;

    private static readonly (int Open, int Periodic)[] Levels = [(6, 8), (10, 12), (16, 16), (24, 32), (32, 64), (48, 96), (64, 128)];
    private readonly ChartParameters parameters;
    private readonly Func<Tensor, Tensor> values;

    private ChartSeries(
        ChartParameters parameters, IReadOnlyList<bool> isPeriodic, Func<Tensor, Tensor> values, (int Open, int Periodic) level)
    {
        (this.parameters, this.values, IsPeriodic) = (parameters, values, isPeriodic);
        Nodes = [.. isPeriodic.Select(periodic => periodic ? level.Periodic : level.Open)];
        Values = Sample(AllNodes());
        double scale = Values.Max(Math.Abs);
        IsSmooth = AllProbes().Zip(Sample(AllProbes()).Chunk(Columns)).All(probe =>
            Interpolate(probe.First.Shares, probe.First.Sheet).Zip(probe.Second)
                .All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * scale));
    }

    /// <summary>The number of nodes for each parameter.</summary>
    public IReadOnlyList<int> Nodes { get; }

    /// <summary>Of each parameter, whether the nodes are even steps of a period.</summary>
    public IReadOnlyList<bool> IsPeriodic { get; }

    /// <summary>
    /// Whether interpolation between nodes is as exact as the nodes; if not, the page goes to the nearest
    /// node.
    /// </summary>
    public bool IsSmooth { get; }

    /// <summary>
    /// The values: part by part of the chart, node by node, the last parameter running fastest.
    /// </summary>
    public float[] Values { get; }

    private int Columns => Values.Length / (parameters.Sheets * Nodes.Aggregate((a, b) => a * b));

    /// <summary>Makes the coarsest grid that suffices.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="reach">How far to go along axes that have no end.</param>
    /// <param name="values">
    /// What is wanted at coordinates of the chart, [count, axes] to [count, columns].
    /// </param>
    public static ChartSeries Create(Chart chart, double reach, Func<Tensor, Tensor> values)
    {
        var parameters = new ChartParameters(chart, reach);
        ChartSeries series = Refine(parameters, parameters.IsPeriodic, values);
        // Where both ends of an axis are one, its points may still come back as their antipodes.
        return series.IsSmooth || !parameters.IsPeriodic.Contains(true)
            ? series
            : Refine(parameters, [.. parameters.IsPeriodic.Select(_ => false)], values);
    }

    private static ChartSeries Refine(ChartParameters parameters, IReadOnlyList<bool> isPeriodic, Func<Tensor, Tensor> values)
    {
        var series = new ChartSeries(parameters, isPeriodic, values, Levels[0]);
        foreach ((int Open, int Periodic) level in Levels[1..])
        {
            double nodes = isPeriodic.Aggregate(1.0, (product, periodic) => product * (periodic ? level.Periodic : level.Open));
            if (series.IsSmooth || nodes * series.Columns * parameters.Sheets > MostNumbers)
            {
                break;
            }
            series = new ChartSeries(parameters, isPeriodic, values, level);
        }
        return series;
    }

    private static double Node(int index, int count, bool isPeriodic) =>
        isPeriodic ? (double)index / count : (1 - Math.Cos(Math.PI * index / (count - 1))) / 2;

    /// <summary>The weight of each node in the value at a number from 0 to 1.</summary>
    private static double[] Weights(int count, double share, bool isPeriodic)
    {
        if (isPeriodic)
        {
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                double half = Math.PI * (share - Node(i, count, isPeriodic)), tangent = Math.Tan(half);
                return Math.Abs(tangent) < 1e-12 ? 1 : Math.Sin(count * half) / (count * tangent);
            })];
        }
        double[] weights = [.. Enumerable.Range(0, count).Select(i =>
            (i % 2 == 0 ? 1 : -1) * (i == 0 || i == count - 1 ? 0.5 : 1) / (share - Node(i, count, isPeriodic)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private IEnumerable<(double[] Shares, int Sheet)> AllNodes()
    {
        IEnumerable<double[]> grid = Nodes.Select((count, i) => Enumerable.Range(0, count).Select(node => Node(node, count, IsPeriodic[i])))
            .Aggregate((IEnumerable<double[]>)[[]], (heads, tails) =>
                heads.SelectMany(head => tails.Select(tail => (double[])[.. head, tail])));
        return Enumerable.Range(0, parameters.Sheets).SelectMany(sheet => grid.Select(shares => (shares, sheet)));
    }

    /// <summary>Places spread evenly over the chart, none of them a node.</summary>
    private IEnumerable<(double[] Shares, int Sheet)> AllProbes()
    {
        double[] steps = [Math.Sqrt(2), Math.Sqrt(3), Math.Sqrt(5)];
        return Enumerable.Range(1, Probes).Select(i => (Nodes.Select((_, j) => i * steps[j] % 1).ToArray(), i % parameters.Sheets));
    }

    private float[] Sample(IEnumerable<(double[] Shares, int Sheet)> places)
    {
        using var scope = NewDisposeScope();
        double[][] coordinates = [.. places.Select(place => parameters.Coordinates(place.Shares, place.Sheet))];
        Tensor all = values(tensor([.. coordinates.SelectMany(place => place)], [coordinates.Length, coordinates[0].Length]));
        return all.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    private double[] Interpolate(double[] shares, int sheet)
    {
        int size = Values.Length / parameters.Sheets;
        double[] left = [.. Values.Skip(sheet * size).Take(size).Select(value => (double)value)];
        for (int i = 0; i < shares.Length; i++)
        {
            double[] weights = Weights(Nodes[i], shares[i], IsPeriodic[i]);
            int rest = left.Length / weights.Length;
            double[] all = left;
            double At(int column) => weights.Select((weight, node) => weight * all[(node * rest) + column]).Sum();
            left = [.. Enumerable.Range(0, rest).Select(At)];
        }
        return left;
    }
}
