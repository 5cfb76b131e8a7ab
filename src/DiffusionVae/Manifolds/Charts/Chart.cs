namespace DiffusionVae.Manifolds;

/// <summary>Coordinates in which a manifold, or a product of two curves, is drawn.</summary>
public sealed class Chart
{
    private readonly int ambientDimension;
    private readonly Func<Tensor, Tensor> toCoordinates;
    private readonly Func<Tensor, (Tensor Points, Tensor Inside)> toPoints;

    /// <summary>Creates a chart.</summary>
    /// <param name="kind">What it looks like.</param>
    /// <param name="axes">One for each coordinate, one to three.</param>
    /// <param name="ambientDimension">n, the number of coordinates of a point of M.</param>
    /// <param name="toCoordinates">See <see cref="ToCoordinates"/>; float64.</param>
    /// <param name="toPoints">See <see cref="ToPoints"/>; float64.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no axes, or more than three.</exception>
    public Chart(
        ChartKind kind,
        IReadOnlyList<ChartAxis> axes,
        int ambientDimension,
        Func<Tensor, Tensor> toCoordinates,
        Func<Tensor, (Tensor Points, Tensor Inside)> toPoints)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(toCoordinates);
        ArgumentNullException.ThrowIfNull(toPoints);
        ArgumentOutOfRangeException.ThrowIfZero(axes.Count, nameof(axes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes.Count, 3, nameof(axes));
        ArgumentOutOfRangeException.ThrowIfLessThan(ambientDimension, 1);
        (Kind, Axes, this.ambientDimension) = (kind, [.. axes], ambientDimension);
        (this.toCoordinates, this.toPoints) = (toCoordinates, toPoints);
    }

    /// <summary>What the chart looks like.</summary>
    public ChartKind Kind { get; }

    /// <summary>The coordinates.</summary>
    public IReadOnlyList<ChartAxis> Axes { get; }

    /// <summary>What the rim of a disc or ball stands for.</summary>
    public ChartRim Rim { get; init; }

    /// <summary>
    /// Whether the chart shows areas (lengths of a curve, volumes of a solid) as they are on M.
    /// </summary>
    public bool IsTrueToSize { get; init; }

    /// <summary>
    /// Where points are drawn. A point that has several places, on a rim or an edge, gets one of them.
    /// </summary>
    /// <param name="points">Points of M, [count, n].</param>
    /// <returns>[count, axes], float64.</returns>
    public Tensor ToCoordinates(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return toCoordinates(points.to(ScalarType.Float64)).MoveToOuterDisposeScope();
    }

    /// <summary>What is drawn at a place.</summary>
    /// <param name="coordinates">[count, axes].</param>
    /// <returns>
    /// Points of M, [count, n], float64; and whether the place belongs to the picture of M, [count], bool:
    /// where it does not, the point is some point near it. Circles and surfaces give the point nearest to the
    /// place, and every place counts as theirs.
    /// </returns>
    public (Tensor Points, Tensor Inside) ToPoints(Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        (Tensor points, Tensor inside) = toPoints(coordinates.to(ScalarType.Float64));
        return (points.MoveToOuterDisposeScope(), inside.MoveToOuterDisposeScope());
    }

    /// <summary>The chart of a product, whose points are those of the factors side by side.</summary>
    /// <param name="first">A box.</param>
    /// <param name="second">Another.</param>
    /// <exception cref="ArgumentException">One of them is no box.</exception>
    public static Chart Product(Chart first, Chart second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Kind != ChartKind.Box || second.Kind != ChartKind.Box)
        {
            throw new ArgumentException($"Charts of the kind {ChartKind.Box} have products; these are {first.Kind} and {second.Kind}.");
        }
        long[] ambient = [first.ambientDimension, second.ambientDimension];
        long[] own = [first.Axes.Count, second.Axes.Count];
        return new Chart(
            ChartKind.Box,
            [.. first.Axes, .. second.Axes],
            first.ambientDimension + second.ambientDimension,
            points =>
            {
                Tensor[] parts = points.split(ambient, -1);
                return torch.cat([first.toCoordinates(parts[0]), second.toCoordinates(parts[1])], -1);
            },
            coordinates =>
            {
                Tensor[] parts = coordinates.split(own, -1);
                (Tensor points, Tensor inside) = first.toPoints(parts[0]);
                (Tensor others, Tensor within) = second.toPoints(parts[1]);
                return (torch.cat([points, others], -1), inside.logical_and(within));
            })
        {
            IsTrueToSize = first.IsTrueToSize && second.IsTrueToSize,
        };
    }

    /// <summary>
    /// A surface of M in space, to see how a chart in the plane is bent and joined. It may be stretched, and
    /// may cross itself.
    /// </summary>
    /// <param name="flat">The chart in the plane, a box of two bounded axes.</param>
    /// <param name="map">From its coordinates [count, 2] to the surface, [count, 3]; float64, smooth.</param>
    /// <exception cref="ArgumentException">The chart is no such box.</exception>
    public static Chart InSpace(Chart flat, Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(flat);
        ArgumentNullException.ThrowIfNull(map);
        if (flat.Kind != ChartKind.Box || flat.Axes.Count != 2 || flat.Axes.Any(axis => !double.IsFinite(axis.High - axis.Low)))
        {
            throw new ArgumentException($"A surface needs a chart in the plane: a {ChartKind.Box} with two bounded axes.", nameof(flat));
        }
        var surface = new SurfaceMap(flat.Axes, map);
        return new Chart(
            ChartKind.Surface,
            [.. surface.Reach().Zip("xyz", (reach, name) => new ChartAxis(name.ToString(), -reach, reach))],
            flat.ambientDimension,
            points => map(flat.toCoordinates(points)),
            places => (flat.toPoints(surface.Nearest(places)).Points, torch.ones(places.size(0), ScalarType.Bool, places.device)));
    }

    /// <summary>A box whose every place within the axes belongs to M.</summary>
    internal static Chart Box(
        IReadOnlyList<ChartAxis> axes,
        int ambientDimension,
        Func<Tensor, Tensor> toCoordinates,
        Func<Tensor, Tensor> toPoints,
        bool isTrueToSize = false)
    {
        double[] low = [.. axes.Select(axis => axis.Low)], high = [.. axes.Select(axis => axis.High)];
        return new Chart(
            ChartKind.Box,
            axes,
            ambientDimension,
            toCoordinates,
            coordinates =>
            {
                Tensor aboveLow = coordinates.ge(torch.tensor(low, device: coordinates.device));
                Tensor belowHigh = coordinates.le(torch.tensor(high, device: coordinates.device));
                return (toPoints(coordinates), aboveLow.logical_and(belowHigh).all(-1));
            })
        {
            IsTrueToSize = isTrueToSize,
        };
    }

    /// <summary>A box of angles of unit circles, periodic from -π to π.</summary>
    internal static Chart Angles(
        IReadOnlyList<string> names, int ambientDimension, Func<Tensor, Tensor> toAngles, Func<Tensor, Tensor> fromAngles) => Box(
        [.. names.Select(name => new ChartAxis(name, -Math.PI, Math.PI, IsPeriodic: true))],
        ambientDimension,
        toAngles,
        fromAngles,
        isTrueToSize: true);

    /// <summary>
    /// A curve or surface as it stands in the plane or in space; by <paramref name="project"/> for places
    /// beside it.
    /// </summary>
    internal static Chart Embedded(ChartKind kind, IReadOnlyList<double> reach, Func<Tensor, Tensor> project) => new(
        kind,
        [.. reach.Zip("xyz", (r, name) => new ChartAxis(name.ToString(), -r, r))],
        reach.Count,
        points => points.alias(),
        coordinates => (project(coordinates), torch.ones(coordinates.size(0), ScalarType.Bool, coordinates.device)))
    {
        IsTrueToSize = true,
    };
}
