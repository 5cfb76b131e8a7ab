using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// The ring torus in R^3, a tube of radius r about a circle of radius R in the plane z = 0:
/// <c>embedded-torus:R,r</c>.
/// </summary>
/// <remarks>
/// Angles: u around the tube, zero at the outer equator, and v the long way round. The paper's is R = 3, r =
/// 0.6.
/// </remarks>
/// <threadsafety>All members may be called from any thread; tables are made once, when first
/// needed.</threadsafety>
public sealed partial class EmbeddedTorus :
    IHeatKernelManifold, IProposalManifold, IQuadratureManifold, IMetricManifold, IFramedManifold,
    ICircularManifold, IChartedManifold, IPointwiseProjection, IUnfoldableManifold
{
    private const int InvariantNodes = 512;
    private readonly Scalar core;
    private readonly Scalar tube;
    private readonly RingTorusProposal proposal;
    private readonly RingTorusProjection projection;
    private readonly Unfolding homeomorphism;
    private readonly Lazy<RingTorusHeatKernel> kernel;
    private readonly Lazy<RingTorusDistances> distances;

    /// <summary>Creates the ring torus.</summary>
    /// <param name="coreRadius">R, the radius of the circle in the middle of the tube.</param>
    /// <param name="tubeRadius">r, the radius of the tube.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; r &lt; R, or not finite.</exception>
    public EmbeddedTorus(double coreRadius = 3, double tubeRadius = 0.6)
    {
        FamilyNumbers.RequireRingRadii(coreRadius, tubeRadius, "ring torus");
        (CoreRadius, TubeRadius, core, tube) = (coreRadius, tubeRadius, coreRadius, tubeRadius);
        proposal = new RingTorusProposal(this);
        projection = new RingTorusProjection(coreRadius, tubeRadius);
        kernel = new Lazy<RingTorusHeatKernel>(() => new RingTorusHeatKernel(coreRadius, tubeRadius));
        distances = new Lazy<RingTorusDistances>(() => new RingTorusDistances(coreRadius, tubeRadius));
        homeomorphism = FromFlatTorus(0, 2);
        double reach = coreRadius + tubeRadius;
        Charts =
        [
            UnrolledChart.Create(
                [("R v, the long way round", coreRadius), ("r u, round the tube", tubeRadius)],
                AmbientDimension,
                points => ToAngles(points).flip(-1),
                angles => FromAngles(angles.flip(-1))),
            Chart.Embedded(ChartKind.Surface, [reach, reach, tubeRadius], Project),
        ];
    }

    /// <summary>R, in length units.</summary>
    public double CoreRadius { get; }

    /// <summary>r, in length units.</summary>
    public double TubeRadius { get; }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "embedded-torus",
        Syntax = "embedded-torus:R,r",
        Summary = "ring torus in R^3",
        Advice = "two periodic quantities, one of which changes the images less than the other",
        Examples = ["embedded-torus:3,0.6", "embedded-torus:2,1"],
        ShortForms = new Dictionary<string, string> { ["embedded-torus"] = "embedded-torus:3,0.6" },
        Create = numbers => FamilyNumbers.RingRadii(numbers, (core, tube) => new EmbeddedTorus(core, tube)),
        References = [ManifoldReference.RingTorusHeatKernel],
    };

    /// <inheritdoc/>
    public string Id => Invariant($"embedded-torus:{CoreRadius},{TubeRadius}");

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public int AmbientDimension => 3;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>The nearest point of the core circle, and from there out by r.</remarks>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        Tensor horizontal = x.narrow(-1, 0, 2);
        Tensor outward = UnitVectors.Normalise(horizontal);
        // Not |horizontal|: the product has a finite gradient on the axis too.
        Tensor fromCore = (horizontal * outward).sum(-1, keepdim: true) - core;
        Tensor around = UnitVectors.Normalise(torch.cat([fromCore, x.narrow(-1, 2, 1)], -1));
        return Assemble(around, outward).MoveToOuterDisposeScope();
    }

    void IPointwiseProjection.ProjectPoint(ReadOnlySpan<double> x, Span<double> point) => projection.Project(x, point);

    void IPointwiseProjection.PullBackPoint(ReadOnlySpan<double> x, ReadOnlySpan<double> point, Span<double> gradient) =>
        projection.PullBack(x, gradient);

    /// <remarks>The flat torus, either of its circles round the tube.</remarks>
    IReadOnlyList<Unfolding> IUnfoldableManifold.Unfoldings => [homeomorphism, FromFlatTorus(2, 0)];

    Unfolding? IUnfoldableManifold.Homeomorphism => homeomorphism;

    /// <summary>
    /// The points of the flat torus are the cosines and sines of the angles already, from these coordinates
    /// on.
    /// </summary>
    private Unfolding FromFlatTorus(int u, int v) =>
        new(new FlatTorus(2), points => Assemble(points.narrow(-1, u, 2), points.narrow(-1, v, 2)));

    // ---- Angles ----

    /// <summary>The points with the given angles.</summary>
    /// <param name="angles">[..., 2]: u around the tube, v the long way round, in radians.</param>
    /// <returns>[..., 3].</returns>
    public Tensor FromAngles(Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = torch.stack([angles.cos(), angles.sin()], -1); // [..., 2, 2]
        return Assemble(pairs.select(-2, 0), pairs.select(-2, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The angles of points.</summary>
    /// <param name="points">[..., 3].</param>
    /// <returns>[..., 2]: u and v, in radians between -π and π.</returns>
    public Tensor ToAngles(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor fromCore = UnitVectors.Length(points.narrow(-1, 0, 2)) - CoreRadius;
        Tensor u = torch.atan2(points.narrow(-1, 2, 1), fromCore);
        Tensor v = torch.atan2(points.narrow(-1, 1, 1), points.narrow(-1, 0, 1));
        return torch.cat([u, v], -1).MoveToOuterDisposeScope();
    }

    /// <summary>cos u, the coordinate on which curvature and divergence depend.</summary>
    /// <param name="points">[..., 3].</param>
    /// <returns>[..., 1].</returns>
    public Tensor CosineAroundTube(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor fromAxis = torch.linalg.vector_norm(points.narrow(-1, 0, 2), 2, [-1], keepdim: true);
        return fromAxis.sub(core).div(tube).MoveToOuterDisposeScope();
    }

    /// <remarks>In the direction of u (√(x² + y²) - R, z), in that of v (x, y).</remarks>
    Tensor ICircularManifold.CircleVectors(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        Tensor horizontal = x.narrow(-1, 0, 2);
        Tensor fromCore = horizontal.Squared().sum(-1, keepdim: true).sqrt() - CoreRadius;
        return torch.stack([torch.cat([fromCore, x.narrow(-1, 2, 1)], -1), horizontal], -2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The points whose directions in the tube and round the axis are the given unit vectors, each [..., 2].
    /// </summary>
    private Tensor Assemble(Tensor around, Tensor outward)
    {
        Tensor fromAxis = (around.narrow(-1, 0, 1) * tube) + core;
        return torch.cat([outward * fromAxis, around.narrow(-1, 1, 1) * tube], -1);
    }

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>
    /// Unrolled, v to the right and u up, each as long as its circle; and as it stands in space.
    /// </remarks>
    public IReadOnlyList<Chart> Charts { get; }
}
