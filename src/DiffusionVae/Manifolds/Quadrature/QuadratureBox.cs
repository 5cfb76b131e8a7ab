namespace DiffusionVae.Manifolds;

/// <summary>Some of the nodes of a rule: those within a range of each coordinate.</summary>
internal sealed class QuadratureBox
{
    private readonly Range[] ranges;

    /// <summary>Creates the box.</summary>
    /// <param name="ranges">From and to a node of each coordinate, counted from the start.</param>
    public QuadratureBox(Range[] ranges)
    {
        this.ranges = ranges;
        Count = ranges.Aggregate(1L, (product, range) => checked(product * Length(range)));
    }

    /// <summary>The number of nodes.</summary>
    public long Count { get; }

    /// <summary>
    /// Takes from an index within the box what tells the node along a coordinate, the last first, and leaves
    /// the rest.
    /// </summary>
    public (long Left, int Node) Along(int coordinate, long index)
    {
        (long left, long within) = Math.DivRem(index, Length(ranges[coordinate]));
        return (left, ranges[coordinate].Start.Value + (int)within);
    }

    private static int Length(Range range) => range.End.Value - range.Start.Value;
}
