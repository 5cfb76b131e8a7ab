namespace DiffusionVae.Manifolds;

/// <summary>The ellipsoid Σ (x_i/a_i)² = 1 in R^n: <c>ellipsoid:a,b,c</c>.</summary>
public sealed class Ellipsoid : IQuadratureManifold, IChartedManifold, IFusedProjection
{
    private const int MostIterations = 60;
    private readonly double[] axes;
    private readonly double[] gaps;
    private readonly double least;
    private readonly Sphere sphere;

    /// <summary>Creates the ellipsoid.</summary>
    /// <param name="semiAxes">a_1 to a_n, two or more, in length units.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer than two, or one is not positive and finite.
    /// </exception>
    public Ellipsoid(IReadOnlyList<double> semiAxes)
    {
        ArgumentNullException.ThrowIfNull(semiAxes);
        if (semiAxes.Count < 2 || semiAxes.Any(axis => !(axis > 0 && double.IsFinite(axis))))
        {
            string given = string.Join(", ", semiAxes.Select(axis => Invariant($"{axis}")));
            throw new ArgumentException($"An ellipsoid needs two or more positive semi-axes, not {given}.", nameof(semiAxes));
        }
        axes = [.. semiAxes];
        least = axes.Min();
        gaps = [.. axes.Select(axis => (axis * axis) - (least * least))];
        sphere = new Sphere(axes.Length - 1);
        LogVolume = Math.Log(EllipsoidArea.MeanElement(axes)) + axes.Sum(Math.Log) + sphere.LogVolume;
        Charts = [.. sphere.Charts.Where(_ => axes.Length == 3).Select(Stretched)];
    }

    /// <summary>a_1 to a_n.</summary>
    public IReadOnlyList<double> SemiAxes => axes;

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "ellipsoid",
        Syntax = "ellipsoid:a,b,c",
        Summary = "ellipsoid with these semi-axes in R^3; more axes, more dimensions",
        Advice = "as a sphere, with directions of unequal extent",
        Examples = ["ellipsoid:3,2,1"],
        ShortForms = new Dictionary<string, string> { ["ellipsoid"] = "ellipsoid:3,2,1" },
        Create = numbers => numbers.Count is >= 3 and <= FamilyNumbers.MostDimensions && numbers.All(axis => axis > 0)
            ? new Ellipsoid(numbers)
            : throw new FormatException("three or more positive semi-axes a,b,c"),
    };

    /// <inheritdoc/>
    public string Id => $"ellipsoid:{string.Join(',', axes.Select(axis => Invariant($"{axis}")))}";

    /// <inheritdoc/>
    public int Dimension => axes.Length - 1;

    /// <inheritdoc/>
    public int AmbientDimension => axes.Length;

    /// <inheritdoc/>
    /// <remarks>
    /// In R^3: the hemispheres of the unit sphere, of which it is the image, not true in area; and as it
    /// stands in space.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>The unit sphere's, times Π a_i, times the mean over it of |u/a|.</remarks>
    public double LogVolume { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// y_i = a_i² x_i / (t + a_i²) with the greatest t for which Σ (y_i/a_i)² = 1. (Moré and Sorensen solve
    /// the same equation.) The gradient is that of the implicit function. Computed row by row in double
    /// precision on the processor, wherever the tensor is. Differentiable once.
    /// A second derivative lacks, without an error, what goes through it.
    /// </remarks>
    public Tensor Project(Tensor x) => FusedProjection.Project(this, x);

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points)
    {
        var stretched = new double[AmbientDimension];
        for (int at = 0; at < x.Length; at += axes.Length)
        {
            for (int i = 0; i < axes.Length; i++)
            {
                stretched[i] = Math.Max(Math.Abs(x[at + i]), 1e-100) * axes[i];
            }
            double s = Shift(stretched);
            for (int i = 0; i < axes.Length; i++)
            {
                // On a plane of symmetry two points may be nearest; that of the positive coordinates is
                // taken.
                points[at + i] = (x[at + i] < 0 ? -axes[i] : axes[i]) * stretched[i] / (s + gaps[i]);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With the normal n_i = y_i/a_i² and the weights w_i = a_i² / (t + a_i²) the derivative is W - W n nᵀ W
    /// / nᵀ W n.
    /// </remarks>
    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient)
    {
        var weights = new double[AmbientDimension];
        for (int at = 0; at < x.Length; at += axes.Length)
        {
            (double outwards, double squares) = (0, 0);
            for (int i = 0; i < axes.Length; i++)
            {
                double normal = Normal(points[at + i], i);
                outwards += (x[at + i] - points[at + i]) * normal;
                squares += normal * normal;
            }
            (double along, double across) = (0, 0);
            for (int i = 0; i < axes.Length; i++)
            {
                double normal = Normal(points[at + i], i), square = axes[i] * axes[i];
                weights[i] = square / Math.Max((outwards / squares) + square, ClosestPoint.LeastStiffness * least * least);
                along += weights[i] * normal * gradient[at + i];
                across += weights[i] * normal * normal;
            }
            for (int i = 0; i < axes.Length; i++)
            {
                gradient[at + i] = weights[i] * (gradient[at + i] - (along / across * Normal(points[at + i], i)));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>That of a level set; see <see cref="LevelSet.ScalarCurvature"/>.</remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        Tensor inverse = Axes(points.device).Squared().reciprocal().to(points.dtype);
        return LevelSet.Curvature(points * inverse, inverse.diag()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// From uniform points of the sphere, kept in proportion to the factor |u/a| by which areas are
    /// stretched.
    /// </remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor a = Axes(generator.device);
        long draws = Rejection.BatchSize(count);
        return Rejection.Draw(count, AmbientDimension, generator.device, () =>
        {
            Tensor points = sphere.SampleUniform(draws, generator, ScalarType.Float64);
            Tensor kept = torch.rand([draws], ScalarType.Float64, generator.device, generator: generator).lt(Element(points) * least);
            return points[kept] * a;
        }).to(dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The sphere's rule, with the factor by which areas are stretched.</remarks>
    public QuadratureRule Quadrature(double spacing) =>
        sphere.Quadrature(spacing / axes.Max()).Mapped(points => points * Axes(points.device), Element);

    private Tensor Axes(Device device) => torch.tensor(axes, device: device);

    /// <summary>|u/a| for points u of the sphere, [..., n] to [...].</summary>
    private Tensor Element(Tensor points) => (points / Axes(points.device)).Squared().sum(-1).sqrt();

    private double Normal(double coordinate, int i) => coordinate / (axes[i] * axes[i]);

    /// <summary>
    /// The s > 0 where Σ (b_i / (s + δ_i))² = 1, δ_i being a_i² less the least of them; b positive.
    /// </summary>
    private double Shift(ReadOnlySpan<double> b)
    {
        (double low, double high) = (0, 0);
        for (int i = 0; i < b.Length; i++)
        {
            low = gaps[i] == 0 ? Math.Max(low, b[i]) : low;
            high = double.Hypot(high, b[i]);
        }
        double s = low;
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            (double sum, double slope) = (0, 0);
            for (int i = 0; i < b.Length; i++)
            {
                double ratio = b[i] / (s + gaps[i]), square = ratio * ratio;
                sum += square;
                slope += square / (s + gaps[i]);
            }
            (low, high) = sum >= 1 ? (s, high) : (low, s);
            // Newton's step for sum^(-1/2) = 1, nearly a straight line in s.
            double next = s + (sum * (Math.Sqrt(sum) - 1) / slope);
            if (!(next >= low && next <= high))
            {
                next = Math.Sqrt(low * high);
            }
            if (Math.Abs(next - s) <= 1e-15 * s)
            {
                return next;
            }
            s = next;
        }
        return s;
    }

    /// <summary>
    /// A chart of the unit sphere, of which this is the image: the hemispheres stretched by the first two
    /// semi-axes, the surface by all.
    /// </summary>
    private Chart Stretched(Chart chart)
    {
        if (chart.Kind == ChartKind.Surface)
        {
            return Chart.Embedded(ChartKind.Surface, axes, Project);
        }
        Tensor Stretch(Tensor of) => torch.tensor(axes[..2], device: of.device);
        return new Chart(
            chart.Kind,
            [.. chart.Axes.Zip(axes, (axis, stretch) => axis with { Low = axis.Low * stretch, High = axis.High * stretch })],
            AmbientDimension,
            points => chart.ToCoordinates(points / Axes(points.device)) * Stretch(points),
            coordinates =>
            {
                (Tensor points, Tensor inside) = chart.ToPoints(coordinates / Stretch(coordinates));
                return (points * Axes(points.device), inside);
            });
    }
}
