namespace DiffusionVae.Manifolds;

/// <summary>A quadrature rule on a manifold: the product of rules in coordinates, and a chart that turns coordinates into points.</summary>
/// <remarks>Nodes are made piece by piece, so that a rule of any size takes no memory.</remarks>
public sealed class QuadratureRule
{
    private readonly QuadratureAxis[] axes;
    private readonly Func<Tensor, Tensor> chart;

    /// <summary>Creates the rule.</summary>
    /// <param name="axes">A rule for each coordinate, at least one.</param>
    /// <param name="chart">From coordinates, float64 of shape [count, axes], to points, [count, n].</param>
    public QuadratureRule(IReadOnlyList<QuadratureAxis> axes, Func<Tensor, Tensor> chart)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentOutOfRangeException.ThrowIfZero(axes.Count, nameof(axes));
        (this.axes, this.chart) = ([.. axes], chart);
        Count = axes.Aggregate(1L, (product, axis) => checked(product * axis.Nodes.Count));
    }

    /// <summary>The number of nodes.</summary>
    public long Count { get; }

    /// <summary>Consecutive nodes; the last coordinate runs fastest.</summary>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many.</param>
    /// <returns>Points, float64 of shape [count, n], and weights, float64 of shape [count], of sum one over all nodes; on the processor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such nodes.</exception>
    public (Tensor Points, Tensor Weights) Nodes(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - count);
        var coordinates = new double[count * axes.Length];
        var weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            long index = start + i;
            weights[i] = 1;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                (index, long at) = Math.DivRem(index, axes[axis].Nodes.Count);
                coordinates[(i * axes.Length) + axis] = axes[axis].Nodes[(int)at];
                weights[i] *= axes[axis].Weights[(int)at];
            }
        }
        using var scope = torch.NewDisposeScope();
        Tensor points = chart(torch.tensor(coordinates, [count, axes.Length]));
        return (points.MoveToOuterDisposeScope(), torch.tensor(weights).MoveToOuterDisposeScope());
    }

    /// <summary>The rule on a product, whose points are those of the factors side by side.</summary>
    /// <param name="factors">At least one.</param>
    public static QuadratureRule Product(IReadOnlyList<QuadratureRule> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        long[] widths = [.. factors.Select(factor => (long)factor.axes.Length)];
        return new QuadratureRule(
            [.. factors.SelectMany(factor => factor.axes)],
            coordinates => torch.cat([.. factors.Zip(coordinates.split(widths, -1), (factor, own) => factor.chart(own))], -1));
    }
}
