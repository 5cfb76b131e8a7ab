namespace DiffusionVae.Manifolds;

/// <summary>The flat (Clifford) torus of k unit circles in R^(2k): <c>torus:k</c>.</summary>
/// <remarks>A point is k pairs (cos θ, sin θ), one circle after another.</remarks>
public sealed class FlatTorus :
    IHeatKernelManifold, IHeatKernelSampler, IProposalManifold, IQuadratureManifold, IGeodesicManifold, IFramedManifold,
    ICircularManifold, IChartedManifold, IFusedProjection
{
    private static readonly Sphere Circle = new(1);

    /// <summary>Creates the product of that many circles.</summary>
    /// <param name="dimension">k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1.</exception>
    public FlatTorus(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        Charts = dimension switch
        {
            1 => Circle.Charts,
            2 => [Angles(), Chart.InSpace(Angles(), Ring)],
            3 => [Angles()],
            _ => [],
        };
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "torus",
        Syntax = "torus:k",
        Summary = "flat torus, k circles",
        Advice = "k independent periodic quantities: phases, translations of a periodic picture",
        Examples = ["torus:1", "torus:2", "torus:3"],
        ShortForms = new Dictionary<string, string> { ["torus"] = "torus:2", ["t2"] = "torus:2" },
        Create = numbers => new FlatTorus(FamilyNumbers.WholeDimension(numbers)),
    };

    /// <inheritdoc/>
    public string Id => Invariant($"torus:{Dimension}");

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int AmbientDimension => 2 * Dimension;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>Each pair divided by its length.</remarks>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return Points(UnitVectors.Normalise(Pairs(x))).MoveToOuterDisposeScope();
    }

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) => FusedUnitVectors.Normalise(x, points, 2);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) =>
        FusedUnitVectors.PullBack(x, points, gradient, 2);

    // ---- Angles ----

    /// <summary>The points with the given angles.</summary>
    /// <param name="angles">[..., k], in radians.</param>
    /// <returns>[..., 2k].</returns>
    public static Tensor FromAngles(Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        return Points(torch.stack([angles.cos(), angles.sin()], -1)).MoveToOuterDisposeScope();
    }

    /// <summary>The angles of points.</summary>
    /// <param name="points">[..., 2k].</param>
    /// <returns>[..., k], in radians between -π and π.</returns>
    public static Tensor ToAngles(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = Pairs(points);
        return torch.atan2(pairs.select(-1, 1), pairs.select(-1, 0)).MoveToOuterDisposeScope();
    }

    Tensor ICircularManifold.FromAngles(Tensor angles) => FromAngles(angles);

    Tensor ICircularManifold.CircleVectors(Tensor x) => Pairs(x);

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>k log 2π.</remarks>
    public double LogVolume => Dimension * Circle.LogVolume;

    /// <inheritdoc/>
    /// <remarks>Zero.</remarks>
    public Tensor ScalarCurvature(Tensor points) => Sphere.ConstantCurvature(points, 0);

    /// <inheritdoc/>
    /// <remarks>From uniform angles.</remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angles = torch.rand([count, Dimension], dtype, generator.device, generator: generator) * (2 * Math.PI);
        return FromAngles(angles).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The trapezoidal rule on every circle.</remarks>
    public QuadratureRule Quadrature(double spacing) =>
        new([.. Enumerable.Repeat(QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing), Dimension)], FromAngles);

    QuadratureRule IQuadratureManifold.InvariantQuadrature() => QuadratureRule.OfOnePoint(this);

    // ---- Heat kernel: a product over the circles ----

    /// <inheritdoc/>
    /// <remarks>k times that of a circle.</remarks>
    public Tensor Divergence(Tensor points, Tensor logTime) =>
        TabulatedDivergence.Evaluate(Circle.HeatKernel.DivergenceTable, logTime, Dimension);

    /// <inheritdoc/>
    public double MeanDivergence(double time) => Dimension * Circle.MeanDivergence(time);

    /// <inheritdoc/>
    /// <remarks>A Gaussian step on every circle: θ + √t ε.</remarks>
    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor angles = ToAngles(points);
        Tensor step = torch.randn(angles.shape, angles.dtype, angles.device, generator: generator) * (logTime / 2).exp();
        return FromAngles(angles + step).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>A wrapped Gaussian on every circle, as the heat kernel is; of variance 4 at most.</remarks>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return FromAngles(WrappedGaussian.Sample(ToAngles(centres), logTime.exp(), generator)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor differences = ToAngles(points.to(ScalarType.Float64)) - ToAngles(centres.to(ScalarType.Float64));
        return WrappedGaussian.LogRatio(differences, logTime.to(ScalarType.Float64).exp()).MoveToOuterDisposeScope();
    }

    // ---- Geodesics: those of every circle ----

    /// <inheritdoc/>
    /// <remarks>π √k.</remarks>
    public double Diameter => Math.PI * Math.Sqrt(Dimension);

    /// <inheritdoc/>
    /// <remarks>√(Σ δ_i²), δ_i being the angle between the i-th pairs.</remarks>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Length(UnitVectors.Angle(Pairs(p), Pairs(q)).squeeze(-1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>On every circle cos|v| p + (sin|v| / |v|) v.</remarks>
    public Tensor Exp(Tensor p, Tensor tangent)
    {
        using var scope = torch.NewDisposeScope();
        return Points(Circle.Exp(Pairs(p), Pairs(tangent))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>On every circle that of <see cref="Sphere.Log"/>.</remarks>
    public Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return Points(Circle.Log(Pairs(p), Pairs(q))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>On every circle v - (v·p) p.</remarks>
    public Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return Points(Circle.ProjectTangent(Pairs(p), Pairs(vector))).MoveToOuterDisposeScope();
    }

    // ---- Orientation ----

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>(-sin θ_i, cos θ_i) in the i-th pair, zero in the others.</remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = Pairs(points); // [..., k, 2]
        Tensor along = torch.stack([-pairs.select(-1, 1), pairs.select(-1, 0)], -1);
        Tensor own = torch.eye(Dimension, dtype: points.dtype, device: points.device).unsqueeze(-1); // [k, k, 1]
        return (own * along.unsqueeze(-3)).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>
    /// One circle: that of <see cref="Sphere"/>. Two or three: the square or cube of the angles. Two also as
    /// a ring in space, which is not true to size.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>Of four circles and more: circles in pairs, and the odd one last.</remarks>
    public IReadOnlyList<IChartedManifold> Parts => Dimension <= 3
        ? [this]
        : [.. Enumerable.Range(0, (Dimension + 1) / 2).Select(i => new FlatTorus(Math.Min(2, Dimension - (2 * i))))];

    /// <summary>[..., 2k] to [..., k, 2].</summary>
    private static Tensor Pairs(Tensor points) => points.reshape([.. points.shape[..^1], points.size(-1) / 2, 2]);

    /// <summary>[..., k, 2] to [..., 2k].</summary>
    private static Tensor Points(Tensor pairs) => pairs.flatten(-2, -1);

    private Chart Angles() =>
        Chart.Angles([.. Enumerable.Range(1, Dimension).Select(i => Invariant($"angle {i}"))], AmbientDimension, ToAngles, FromAngles);

    /// <summary>
    /// A ring torus in space, the first angle going the long way round; [..., 2] to [..., 3].
    /// </summary>
    private static Tensor Ring(Tensor angles)
    {
        const double tube = 0.42;
        (Tensor around, Tensor through) = (angles.select(-1, 0), angles.select(-1, 1));
        Tensor fromAxis = (through.cos() * tube) + 1;
        return torch.stack([fromAxis * around.cos(), fromAxis * around.sin(), through.sin() * tube], -1);
    }
}
