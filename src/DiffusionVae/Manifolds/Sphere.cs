using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The unit sphere S^d in R^(d+1): <c>sphere:d</c>.</summary>
public sealed class Sphere : RadialManifold, IChartedManifold, IFramedManifold, ICircularManifold, IFusedProjection
{
    /// <summary>Creates the sphere of the given dimension.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public Sphere(int dimension)
        : base(RadialHeatKernel.Sphere(AtLeastOne(dimension)))
    {
        Charts = dimension switch
        {
            1 =>
            [
                Chart.Embedded(ChartKind.Circle, [1, 1], Project),
                Chart.Angles(["angle"], AmbientDimension, FlatTorus.ToAngles, FlatTorus.FromAngles),
            ],
            2 => [SphericalCharts.Hemispheres(), Chart.Embedded(ChartKind.Surface, [1, 1, 1], Project)],
            3 => [SphericalCharts.ThreeSphere()],
            _ => [],
        };
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "sphere",
        Syntax = "sphere:d",
        Summary = "unit sphere S^d",
        Advice = "directions, orientations of solids of revolution; a compact space without holes",
        Examples = ["sphere:1", "sphere:2", "sphere:3", "sphere:5"],
        ShortForms = new Dictionary<string, string>
        {
            ["sphere"] = "sphere:2",
            ["circle"] = "sphere:1",
            ["s1"] = "sphere:1",
            ["s2"] = "sphere:2",
            ["s3"] = "sphere:3",
        },
        Create = numbers => new Sphere(FamilyNumbers.WholeDimension(numbers)),
        References = [ManifoldReference.SphericalHeatKernel],
    };

    /// <inheritdoc/>
    public override string Id => Invariant($"sphere:{Dimension}");

    /// <inheritdoc/>
    public override int AmbientDimension => Dimension + 1;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>P(x) = x / |x|.</remarks>
    public override Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Normalise(x).MoveToOuterDisposeScope();
    }

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) =>
        FusedUnitVectors.Normalise(x, points, AmbientDimension);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) =>
        FusedUnitVectors.PullBack(x, points, gradient, AmbientDimension);

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>d(d-1) everywhere.</remarks>
    public override Tensor ScalarCurvature(Tensor points) => ConstantCurvature(points, Dimension * (Dimension - 1));

    internal static Tensor ConstantCurvature(Tensor points, double value) =>
        torch.full([.. points.shape[..^1], 1], value, points.dtype, points.device);

    /// <inheritdoc/>
    /// <remarks>g / |g| with g ~ N(0, I).</remarks>
    public override Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor gaussian = torch.randn([count, AmbientDimension], dtype, generator.device, generator: generator);
        return UnitVectors.Normalise(gaussian).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Gauss rules in the cosines of the polar angles, and the trapezoidal rule round the circle.
    /// </remarks>
    public override QuadratureRule Quadrature(double spacing) => SphereQuadrature.Rule(Dimension, spacing);

    // ---- Geodesics ----

    /// <inheritdoc/>
    /// <remarks>arccos(p·q), as 2 atan2(|p - q|, |p + q|), which is accurate at 0 and at π.</remarks>
    public override Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Angle(p, q).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>cos|v| p + (sin|v| / |v|) v.</remarks>
    public override Tensor Exp(Tensor p, Tensor tangent)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angle = UnitVectors.Length(tangent);
        return UnitVectors.Normalise((angle.cos() * p) + (UnitVectors.Sinc(angle) * tangent)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// d(p, q) w / |w| with w = q - (p·q) p; for q = -p a fixed direction, which is as short as any other.
    /// </remarks>
    public override Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        // The direction comes from q - p, or beyond a right angle from q + p: neither cancels.
        Tensor beyond = (p * q).sum(-1, keepdim: true).lt(0);
        Tensor across = ProjectTangent(p, torch.where(beyond, q + p, q - p));
        Tensor vanishing = UnitVectors.Length(across).lt(8 * torch.finfo(p.dtype).eps);
        across = torch.where(beyond.logical_and(vanishing), AnyTangent(p), across);
        Tensor unchanged = vanishing.logical_and(beyond.logical_not());
        Tensor scale = UnitVectors.Angle(p, q) / UnitVectors.Length(across).masked_fill(unchanged, 1);
        return (scale.masked_fill(unchanged, 1) * across).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>v - (v·p) p.</remarks>
    public override Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return (vector - ((vector * p).sum(-1, keepdim: true) * p)).MoveToOuterDisposeScope();
    }

    /// <summary>A tangent vector at each point, of length √½ at least.</summary>
    private Tensor AnyTangent(Tensor p) =>
        ProjectTangent(p, torch.zeros_like(p).scatter(-1, p.abs().argmin(-1, keepdim: true), torch.ones_like(p)));

    // ---- Orientation ----

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>
    /// The reflection that takes the last axis to ±p takes the others to a basis; with p behind it, it is
    /// right-handed.
    /// </remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor last = points.narrow(-1, Dimension, 1); // [..., 1]
        Tensor sign = torch.where(last.lt(0), -torch.ones_like(last), torch.ones_like(last));
        Tensor normal = torch.cat([points.narrow(-1, 0, Dimension), last + sign], -1); // [..., d + 1]
        Tensor others = torch.eye(Dimension, AmbientDimension, points.dtype, points.device); // [d, d + 1]
        Tensor scale = 2 * normal.narrow(-1, 0, Dimension) / normal.Squared().sum(-1, keepdim: true); // [..., d]
        Tensor basis = others - (scale.unsqueeze(-1) * normal.unsqueeze(-2)); // [..., d, d + 1]
        Tensor first = basis.narrow(-2, 0, 1) * sign.unsqueeze(-1);
        return torch.cat([first, basis.narrow(-2, 1, Dimension - 1)], -2).MoveToOuterDisposeScope();
    }

    // ---- S^1 as a circle ----

    bool ICircularManifold.IsProductOfCircles => Dimension == 1;

    Tensor ICircularManifold.FromAngles(Tensor angles) => FlatTorus.FromAngles(angles);

    Tensor ICircularManifold.CircleVectors(Tensor x) => x.unsqueeze(-2);

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>
    /// S^1: the circle, and its angle. S^2: two hemispheres, and the sphere in space. S^3: a ball. None
    /// above.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }

    private static int AtLeastOne(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return dimension;
    }
}
