namespace DiffusionVae.Manifolds;

/// <summary>The Klein bottle in R^4: <c>klein-bottle:R,r</c>.</summary>
/// <remarks>
/// ((R + r cos v) cos u, (R + r cos v) sin u, r sin v cos(u/2), r sin v sin(u/2)): a circle of radius r,
/// carried round one of radius R in a plane, and turned over on the way by the other two dimensions. After
/// one turn of u, v has changed its sign. The metric is E(v) du² + r² dv² with E = (R + r cos v)² + r² sin² v
/// / 4.
/// </remarks>
public sealed class KleinBottle : IQuadratureManifold, IChartedManifold, IPointwiseProjection
{
    private const int NodesOfVolume = 1 << 12;
    private readonly KleinBottleProjection projection;

    /// <summary>Creates the Klein bottle.</summary>
    /// <param name="coreRadius">R, of the circle along which the other is carried.</param>
    /// <param name="tubeRadius">r, of the circle that is carried.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; r &lt; R, or not finite.</exception>
    public KleinBottle(double coreRadius = 2, double tubeRadius = 1)
    {
        FamilyNumbers.RequireRingRadii(coreRadius, tubeRadius, "Klein bottle");
        (CoreRadius, TubeRadius) = (coreRadius, tubeRadius);
        projection = new KleinBottleProjection(coreRadius, tubeRadius);
        double meanWidth = Enumerable.Range(0, NodesOfVolume).Average(i => Width(2 * Math.PI * i / NodesOfVolume));
        LogVolume = Math.Log(4 * Math.PI * Math.PI * tubeRadius * meanWidth);
        var unrolled = Chart.Box(
            [
                new ChartAxis("u, the long way round", -Math.PI, Math.PI, IsTwisted: true),
                new ChartAxis("v, turned over on the way", -Math.PI, Math.PI, IsPeriodic: true),
            ],
            AmbientDimension,
            ToAngles,
            FromAngles);
        Charts = [unrolled, Chart.InSpace(unrolled, FigureEight)];
    }

    /// <summary>R, in length units.</summary>
    public double CoreRadius { get; }

    /// <summary>r, in length units.</summary>
    public double TubeRadius { get; }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "klein-bottle",
        Syntax = "klein-bottle:R,r",
        Summary = "Klein bottle in R^4",
        Advice = "a period after which another quantity has changed sign",
        Examples = ["klein-bottle:2,1"],
        ShortForms = new Dictionary<string, string> { ["klein-bottle"] = "klein-bottle:2,1" },
        Create = numbers => FamilyNumbers.RingRadii(numbers, (core, tube) => new KleinBottle(core, tube)),
    };

    /// <inheritdoc/>
    public string Id => Invariant($"klein-bottle:{CoreRadius},{TubeRadius}");

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public int AmbientDimension => 4;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>
    /// The point with the greatest R A + r √(A² + B²) over u, A = x₁ cos u + x₂ sin u - R, B = x₃ cos(u/2) +
    /// x₄ sin(u/2); see <see cref="KleinBottleProjection"/>. Computed row by row in double precision on the
    /// processor, wherever the tensor is. Differentiable once.
    /// A second derivative lacks, without an error, what goes through it.
    /// </remarks>
    public Tensor Project(Tensor x) => FusedProjection.Project((IFusedProjection)this, x);

    void IPointwiseProjection.ProjectPoint(ReadOnlySpan<double> x, Span<double> point) => projection.Project(x, point);

    void IPointwiseProjection.PullBackPoint(ReadOnlySpan<double> x, ReadOnlySpan<double> point, Span<double> gradient) =>
        projection.PullBack(x, point, gradient);

    // ---- Angles ----

    /// <summary>The points with the given angles.</summary>
    /// <param name="angles">[..., 2]: u and v, in radians.</param>
    /// <returns>[..., 4].</returns>
    public Tensor FromAngles(Tensor angles)
    {
        ArgumentNullException.ThrowIfNull(angles);
        using var scope = torch.NewDisposeScope();
        (Tensor u, Tensor v) = (angles.select(-1, 0), angles.select(-1, 1));
        (Tensor half, Tensor fromAxis, Tensor across) = (u / 2, (v.cos() * TubeRadius) + CoreRadius, v.sin() * TubeRadius);
        Tensor[] coordinates = [fromAxis * u.cos(), fromAxis * u.sin(), across * half.cos(), across * half.sin()];
        return torch.stack(coordinates, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The angles of points.</summary>
    /// <param name="points">[..., 4].</param>
    /// <returns>[..., 2]: u and v, in radians between -π and π.</returns>
    public Tensor ToAngles(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        Tensor[] x = points.unbind(-1);
        Tensor u = torch.atan2(x[1], x[0]), half = u / 2;
        Tensor fromCore = (x[0].Squared() + x[1].Squared()).sqrt() - CoreRadius;
        Tensor v = torch.atan2((x[2] * half.cos()) + (x[3] * half.sin()), fromCore);
        return torch.stack([u, v], -1).MoveToOuterDisposeScope();
    }

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>2π r times the integral of √E, by the trapezoidal rule.</remarks>
    public double LogVolume { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Twice Gauss' curvature of the metric: (E'²/(2E²) - E''/E) / r². With c = cos v, E' = -sin v ∂E/∂c and
    /// E'' = sin² v ∂²E/∂c² - c ∂E/∂c.
    /// </remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        using var scope = torch.NewDisposeScope();
        double r2 = TubeRadius * TubeRadius;
        using Scalar one = 1.0, half = 0.5, core = CoreRadius, perTube = 1 / TubeRadius, diameter = 2 * TubeRadius;
        using Scalar quarterSquare = r2 / 4, halfSquare = r2 / 2, moreSquare = 1.5 * r2, perSquare = 1 / r2;
        Tensor fromAxis = UnitVectors.Length(points.narrow(-1, 0, 2)), cosine = (fromAxis - core) * perTube;
        Tensor sineSquared = cosine.Squared().neg_().add_(one);
        Tensor e = fromAxis.Squared() + (sineSquared * quarterSquare);
        Tensor slope = (fromAxis * diameter) - (cosine * halfSquare);
        Tensor second = (sineSquared * moreSquare) - (cosine * slope);
        return (((sineSquared * (slope / e).Squared() * half) - (second / e)) * perSquare).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>u is uniform, and v has the density √E, which is at most R + r: by rejection.</remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angles = Rejection.Draw(count, 2, generator.device, () =>
        {
            Tensor draws = torch.rand([Rejection.BatchSize(count), 3], ScalarType.Float64, generator.device, generator: generator);
            Tensor candidates = (draws.narrow(-1, 0, 2) * (2 * Math.PI)) - Math.PI, v = candidates.select(-1, 1);
            Tensor width = torch.hypot((v.cos() * TubeRadius) + CoreRadius, v.sin() * (TubeRadius / 2));
            return candidates[(draws.select(-1, 2) * (CoreRadius + TubeRadius)).lt(width)];
        });
        return FromAngles(angles).to(dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The trapezoidal rule in both angles, with the weight √E.</remarks>
    public QuadratureRule Quadrature(double spacing) => new(
        [
            QuadratureAxis.Trapezoid(-Math.PI, Math.PI, spacing / (CoreRadius + TubeRadius)),
            QuadratureAxis.Trapezoid(-Math.PI, Math.PI, spacing / TubeRadius, Width),
        ],
        FromAngles);

    /// <summary>
    /// The immersion ((2 + c sin v - s sin 2v) cos u, (2 + c sin v - s sin 2v) sin u, s sin v + c sin 2v), c
    /// and s being the cosine and sine of u/2.
    /// </summary>
    private static Tensor FigureEight(Tensor angles)
    {
        (Tensor u, Tensor v) = (angles.select(-1, 0), angles.select(-1, 1));
        (Tensor c, Tensor s, Tensor once, Tensor twice) = ((u / 2).cos(), (u / 2).sin(), v.sin(), (v * 2).sin());
        Tensor fromAxis = (c * once) - (s * twice) + 2;
        return torch.stack([fromAxis * u.cos(), fromAxis * u.sin(), (s * once) + (c * twice)], -1);
    }

    /// <summary>√E at v.</summary>
    private double Width(double v) => double.Hypot(CoreRadius + (TubeRadius * Math.Cos(v)), TubeRadius / 2 * Math.Sin(v));

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>
    /// Unrolled, u to the right and v up; the right edge is the left one upside down. And in space, where it
    /// crosses itself along a circle: a figure eight, carried round a circle and turned over on the way.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }
}
