namespace DiffusionVae.Manifolds;

/// <summary>The ellipsoid Σ (x_i/a_i)² = 1 in R^n: <c>ellipsoid:a,b,c</c>.</summary>
public sealed class Ellipsoid : IChartedManifold, IQuadratureManifold
{
    private const int MostIterations = 60;
    private readonly double[] axes;
    private readonly double least;
    private readonly Sphere sphere;

    /// <summary>Creates the ellipsoid.</summary>
    /// <param name="semiAxes">a_1 to a_n, two or more, in length units.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is not positive and finite.</exception>
    public Ellipsoid(IReadOnlyList<double> semiAxes)
    {
        ArgumentNullException.ThrowIfNull(semiAxes);
        if (semiAxes.Count < 2 || semiAxes.Any(axis => !(axis > 0 && double.IsFinite(axis))))
        {
            throw new ArgumentException($"An ellipsoid needs two or more positive semi-axes, not {string.Join(", ", semiAxes.Select(axis => Invariant($"{axis}")))}.", nameof(semiAxes));
        }
        axes = [.. semiAxes];
        least = axes.Min();
        sphere = new Sphere(axes.Length - 1);
        LogVolume = Math.Log(MeanElement()) + axes.Sum(Math.Log) + sphere.LogVolume;
        Charts = [.. sphere.Charts.Where(_ => axes.Length == 3).Select(Stretched)];
    }

    /// <summary>a_1 to a_n.</summary>
    public IReadOnlyList<double> SemiAxes => axes;

    /// <inheritdoc/>
    public string Id => $"ellipsoid:{string.Join(',', axes.Select(axis => Invariant($"{axis}")))}";

    /// <inheritdoc/>
    public int Dimension => axes.Length - 1;

    /// <inheritdoc/>
    public int AmbientDimension => axes.Length;

    /// <inheritdoc/>
    /// <remarks>In R^3: the hemispheres of the unit sphere, of which it is the image, not true in area; and as it stands in space.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>The unit sphere's, times Π a_i, times the mean over it of |u/a|.</remarks>
    public double LogVolume { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// y_i = a_i² x_i / (t + a_i²) with the greatest t for which Σ (y_i/a_i)² = 1. (Moré and Sorensen solve the same equation.) The gradient is that of the implicit function. Differentiable once.
    /// </remarks>
    public Tensor Project(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = torch.NewDisposeScope();
        if (x.numel() == 0)
        {
            return x.clone().MoveToOuterDisposeScope();
        }
        Tensor a = Axes(x.device), squaredAxes = a.Squared();
        Tensor wide = x.detach().to(ScalarType.Float64);
        // In the middle of a symmetry both sides are nearest; the side of the positive coordinates is taken.
        Tensor sign = torch.where(wide.lt(0), -torch.ones_like(wide), torch.ones_like(wide));
        Tensor stretched = wide.abs().clamp_min(1e-100) * a;
        Tensor denominators = squaredAxes - (least * least) + Shift(stretched, squaredAxes - (least * least));
        Tensor shares = stretched / denominators;
        Tensor result = (sign * a * shares).to(x.dtype);
        if (x.requires_grad && torch.is_grad_enabled())
        {
            Tensor weights = squaredAxes / denominators.clamp_min(ClosestPoint.LeastStiffness * least * least);
            Tensor normal = sign * shares / a;
            Tensor across = normal * weights;
            Tensor derivative = weights.diag_embed() - (across.unsqueeze(-1) * across.unsqueeze(-2) / (normal * across).sum(-1, keepdim: true).unsqueeze(-1));
            result += Derivatives.Attach(derivative.to(x.dtype), x);
        }
        return result.MoveToOuterDisposeScope();
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
    /// <remarks>From uniform points of the sphere, kept in proportion to the factor |u/a| by which areas are stretched.</remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor a = Axes(generator.device);
        List<Tensor> accepted = [torch.empty([0, AmbientDimension], ScalarType.Float64, generator.device)];
        long draws = Math.Clamp(2 * count, 64, 1 << 16);
        for (long have = 0; have < count; have += accepted[^1].size(0))
        {
            Tensor points = sphere.SampleUniform(draws, generator, ScalarType.Float64);
            Tensor kept = torch.rand([draws], ScalarType.Float64, generator.device, generator: generator).lt(Element(points) * least);
            accepted.Add(points[kept] * a);
        }
        return torch.cat(accepted, 0).narrow(0, 0, count).to(dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The sphere's rule, with the factor by which areas are stretched.</remarks>
    public QuadratureRule Quadrature(double spacing) => sphere.Quadrature(spacing / axes.Max()).Mapped(points => points * Axes(points.device), Element);

    private Tensor Axes(Device device) => torch.tensor(axes, device: device);

    /// <summary>|u/a| for points u of the sphere, [..., n] to [...].</summary>
    private Tensor Element(Tensor points) => (points / Axes(points.device)).Squared().sum(-1).sqrt();

    /// <summary>The s > 0 where Σ (b_i / (s + δ_i))² = 1: [..., n] to [..., 1]; b positive, δ not negative and zero somewhere.</summary>
    private static Tensor Shift(Tensor b, Tensor gaps)
    {
        Tensor low = b.masked_fill(gaps.gt(0), 0).amax([-1], keepdim: true), high = b.Squared().sum(-1, keepdim: true).sqrt();
        Tensor s = low;
        for (int i = 0; i < MostIterations; i++)
        {
            Tensor ratios = (b / (s + gaps)).Squared();
            Tensor sum = ratios.sum(-1, keepdim: true);
            low = torch.where(sum.ge(1), s, low);
            high = torch.where(sum.ge(1), high, s);
            // Newton's step for sum^(-1/2) = 1, nearly a straight line in s.
            Tensor newton = s + (sum * (sum.sqrt() - 1) / (ratios / (s + gaps)).sum(-1, keepdim: true));
            Tensor inside = newton.ge(low).logical_and(newton.le(high));
            Tensor next = torch.where(inside, newton, (low * high).sqrt());
            bool done = ((next - s).abs() / s).max().item<double>() < 1e-15;
            s = next;
            if (done)
            {
                break;
            }
        }
        return s;
    }

    /// <summary>The mean of |u/a| over the unit sphere.</summary>
    /// <remarks>
    /// With √q = (2π)^(-½) ∫ (1 - exp(-q x²/2)) x⁻² dx over the whole line, and normal variables for u: E|g| times the mean is that of √(Σ g_i²/a_i²), and E exp(-q x²/2) is Π (1 + x²/a_i²)^(-½). In
    /// y = log x the trapezoidal rule converges exponentially.
    /// </remarks>
    private double MeanElement()
    {
        const double step = 0.05;
        double sum = 0;
        for (double y = -40; y <= 40; y += step)
        {
            double square = Math.Exp(2 * y);
            double logProduct = axes.Sum(axis => LogOnePlus(square / (axis * axis))) / -2;
            sum += -ExpMinusOne(logProduct) * Math.Exp(-y);
        }
        double meanRoot = sum * step * 2 / Math.Sqrt(2 * Math.PI);
        int n = axes.Length;
        double meanLength = Math.Sqrt(2) * Enumerable.Range(0, n - 1).Aggregate(
            1 / Math.Sqrt(Math.PI), (ratio, i) => (i + 1) / 2.0 / ratio);
        return meanRoot / meanLength;
    }

    private static double LogOnePlus(double x) => x < 1e-4 ? x * (1 - (x / 2 * (1 - (x * 2 / 3)))) : Math.Log(1 + x);

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-4 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;

    private Chart Stretched(Chart chart) => chart.Kind == ChartKind.Surface
        ? Chart.Embedded(ChartKind.Surface, axes, Project)
        : new Chart(chart.Kind, chart.Axes, AmbientDimension, points => chart.ToCoordinates(points / Axes(points.device)), coordinates =>
        {
            (Tensor points, Tensor inside) = chart.ToPoints(coordinates);
            return (points * Axes(points.device), inside);
        });
}
