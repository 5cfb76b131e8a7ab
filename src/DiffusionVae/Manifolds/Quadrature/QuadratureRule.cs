namespace DiffusionVae.Manifolds;

/// <summary>
/// A quadrature rule on a manifold: the product of rules in coordinates, and a chart that turns coordinates
/// into points.
/// </summary>
/// <remarks>Nodes are made piece by piece, so that a rule of any size takes no memory.</remarks>
public sealed class QuadratureRule
{
    private const int Piece = 1 << 14;
    private readonly QuadratureAxis[] axes;
    private readonly Func<Tensor, Tensor> chart;
    private readonly Func<Tensor, Tensor>? density;
    private readonly Lazy<double> mean;
    private readonly QuadratureBox whole;

    /// <summary>Creates the rule.</summary>
    /// <param name="axes">A rule for each coordinate, at least one.</param>
    /// <param name="chart">From coordinates, float64 of shape [count, axes], to points, [count, n].</param>
    /// <param name="density">
    /// What the weights of the axes are still to be multiplied by, from coordinates to positive numbers,
    /// [count], which are scaled to a sum of one; null where they are right as they are.
    /// </param>
    public QuadratureRule(IReadOnlyList<QuadratureAxis> axes, Func<Tensor, Tensor> chart, Func<Tensor, Tensor>? density = null)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentOutOfRangeException.ThrowIfZero(axes.Count, nameof(axes));
        (this.axes, this.chart, this.density) = ([.. axes], chart, density);
        mean = new Lazy<double>(MeanDensity);
        whole = Boxes(1).Single();
    }

    /// <summary>The rule of one node: for integrands that are the same everywhere on a manifold.</summary>
    internal static QuadratureRule OfOnePoint(IManifold manifold) =>
        new([new QuadratureAxis([0], [1])], _ => manifold.Project(torch.eye(1, manifold.AmbientDimension, ScalarType.Float64)));

    /// <summary>The number of nodes.</summary>
    public long Count => whole.Count;

    /// <summary>Consecutive nodes; the last coordinate runs fastest.</summary>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many.</param>
    /// <returns>
    /// Points, float64 of shape [count, n], and weights, float64 of shape [count], of sum one over all nodes;
    /// on the processor.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such nodes.</exception>
    public (Tensor Points, Tensor Weights) Nodes(long start, int count) => Nodes(whole, start, count);

    /// <summary>The number of coordinates.</summary>
    internal int Coordinates => axes.Length;

    /// <summary>The number of nodes along the coordinate that has the fewest.</summary>
    internal int FewestAlongACoordinate => axes.Min(axis => axis.Nodes.Count);

    /// <summary>
    /// The boxes that come of cutting each coordinate into equal parts, some of them empty if there are fewer
    /// nodes than that. A box of one rule is about where the box of the same index is of another for the same
    /// manifold.
    /// </summary>
    internal IEnumerable<QuadratureBox> Boxes(int parts)
    {
        Range Part(int count, int part) => (int)((long)count * part / parts)..(int)((long)count * (part + 1) / parts);
        IEnumerable<Range[]> boxes = [[]];
        foreach (int count in axes.Select(axis => axis.Nodes.Count))
        {
            boxes = boxes.SelectMany(box => Enumerable.Range(0, parts).Select(part => (Range[])[.. box, Part(count, part)]));
        }
        return boxes.Select(box => new QuadratureBox(box));
    }

    /// <summary>Consecutive nodes of a box; the last coordinate runs fastest.</summary>
    internal (Tensor Points, Tensor Weights) Nodes(QuadratureBox box, long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, box.Count - count);
        using var scope = torch.NewDisposeScope();
        (Tensor places, Tensor weights) = Places(box, start, count);
        Tensor measure = density is null ? weights : weights * Relative(places);
        return (chart(places).MoveToOuterDisposeScope(), measure.MoveToOuterDisposeScope());
    }

    /// <summary>The density over its mean.</summary>
    private Tensor Relative(Tensor places) => density!(places) / mean.Value;

    private double MeanDensity()
    {
        double sum = 0;
        for (long start = 0; start < Count; start += Piece)
        {
            using var scope = torch.NewDisposeScope();
            (Tensor places, Tensor weights) = Places(whole, start, (int)Math.Min(Piece, Count - start));
            sum += torch.dot(weights, density!(places)).item<double>();
        }
        return sum;
    }

    /// <summary>
    /// Coordinates of consecutive nodes of a box, [count, axes], and the products of their weights, [count].
    /// </summary>
    private (Tensor Places, Tensor Weights) Places(QuadratureBox box, long start, int count)
    {
        var coordinates = new double[count * axes.Length];
        var weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            long index = start + i;
            weights[i] = 1;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                (index, int at) = box.Along(axis, index);
                coordinates[(i * axes.Length) + axis] = axes[axis].Nodes[at];
                weights[i] *= axes[axis].Weights[at];
            }
        }
        return (torch.tensor(coordinates, [count, axes.Length]), torch.tensor(weights));
    }

    /// <summary>The rule on the image of a manifold.</summary>
    /// <param name="map">From points, [count, n], to points of the image.</param>
    /// <param name="element">
    /// The factor by which the map changes volume, from points to [count], up to a constant.
    /// </param>
    internal QuadratureRule Mapped(Func<Tensor, Tensor> map, Func<Tensor, Tensor> element) =>
        new(axes, coordinates => map(chart(coordinates)), coordinates => element(chart(coordinates)));

    /// <summary>The rule on a product, whose points are those of the factors side by side.</summary>
    /// <param name="factors">At least one.</param>
    public static QuadratureRule Product(IReadOnlyList<QuadratureRule> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        long[] widths = [.. factors.Select(factor => (long)factor.axes.Length)];
        return new QuadratureRule(
            [.. factors.SelectMany(factor => factor.axes)],
            coordinates => torch.cat([.. factors.Zip(coordinates.split(widths, -1), (factor, own) => factor.chart(own))], -1),
            factors.All(factor => factor.density is null) ? null : coordinates => factors
                .Zip(coordinates.split(widths, -1))
                .Where(part => part.First.density is not null)
                .Select(part => part.First.Relative(part.Second))
                .Aggregate((product, other) => product * other));
    }
}
