using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The ring torus in R^3, a tube of radius r about a circle of radius R in the plane z = 0: <c>embedded-torus:R,r</c>.</summary>
/// <remarks>Angles: u around the tube, zero at the outer equator, and v the long way round. The paper's is R = 3, r = 0.6.</remarks>
public sealed class EmbeddedTorus : IChartedManifold, IMetricManifold, IFramedManifold, IHeatKernelManifold, IProposalManifold, IQuadratureManifold, IFusedProjection, IUnfoldableManifold
{
    private readonly Scalar core;
    private readonly Scalar tube;
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
        RingRadii.Require(coreRadius, tubeRadius, "ring torus", nameof(tubeRadius));
        CoreRadius = coreRadius;
        TubeRadius = tubeRadius;
        (core, tube) = (coreRadius, tubeRadius);
        projection = new RingTorusProjection(coreRadius, tubeRadius);
        kernel = new Lazy<RingTorusHeatKernel>(() => new RingTorusHeatKernel(coreRadius, tubeRadius));
        distances = new Lazy<RingTorusDistances>(() => new RingTorusDistances(coreRadius, tubeRadius));
        // Points of the flat torus are the cosines and sines of the angles already.
        homeomorphism = new Unfolding(new FlatTorus(2), points => Assemble(points.narrow(-1, 0, 2), points.narrow(-1, 2, 2)));
        double reach = coreRadius + tubeRadius;
        Charts = [Unrolled(), Chart.Embedded(ChartKind.Surface, [reach, reach, tubeRadius], Project)];
    }

    /// <summary>The transition density of Brownian motion, made when first asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">R/r is out of reach; see <see cref="HasHeatKernel"/>.</exception>
    public RingTorusHeatKernel HeatKernel => kernel.Value;

    /// <inheritdoc/>
    /// <remarks>The tube is neither nearly as thick as the ring nor a thousand times thinner.</remarks>
    public bool HasHeatKernel => CoreRadius / TubeRadius is >= RingTorusHeatKernel.MinimumRatio and <= RingTorusHeatKernel.MaximumRatio;

    /// <summary>R, in length units.</summary>
    public double CoreRadius { get; }

    /// <summary>r, in length units.</summary>
    public double TubeRadius { get; }

    /// <inheritdoc/>
    public string Id => Invariant($"embedded-torus:{CoreRadius},{TubeRadius}");

    /// <inheritdoc/>
    public int Dimension => 2;

    /// <inheritdoc/>
    public int AmbientDimension => 3;

    /// <inheritdoc/>
    /// <remarks>Unrolled, v to the right and u up, each as long as its circle; and as it stands in space.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>log(4 π² R r).</remarks>
    public double LogVolume => Math.Log(4 * Math.PI * Math.PI * CoreRadius * TubeRadius);

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

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) => projection.Project(x, points);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) => projection.PullBack(x, gradient);

    /// <remarks>The flat torus, either of its circles round the tube.</remarks>
    IReadOnlyList<Unfolding> IUnfoldableManifold.Unfoldings =>
    [
        homeomorphism,
        new(new FlatTorus(2), points => Assemble(points.narrow(-1, 2, 2), points.narrow(-1, 0, 2))),
    ];

    Unfolding? IUnfoldableManifold.Homeomorphism => homeomorphism;

    /// <summary>The points with the given angles.</summary>
    /// <param name="angles">[..., 2]: u around the tube, v the long way round, in radians.</param>
    /// <returns>[..., 3].</returns>
    public Tensor FromAngles(Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = torch.stack([angles.cos(), angles.sin()], -1);
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
        return torch.linalg.vector_norm(points.narrow(-1, 0, 2), 2, [-1], keepdim: true).sub(core).div(tube).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>2 cos u / (r (R + r cos u)).</remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor cosine = CosineAroundTube(points);
        return (2 * cosine / (((cosine * TubeRadius) + CoreRadius) * TubeRadius)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>It depends on the point through cos u.</remarks>
    public Tensor Divergence(Tensor points, Tensor logTime)
    {
        using var scope = torch.NewDisposeScope();
        return TabulatedDivergence.Evaluate(HeatKernel.DivergenceTable, logTime, CosineAroundTube(points)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public double MeanDivergence(double time) => HeatKernel.MeanDivergence(time);

    /// <inheritdoc/>
    /// <remarks>
    /// The density of u is proportional to R + r cos u. A uniform u, turned by half a turn with probability (1 - (r/R) cos u) / 2, has it exactly.
    /// </remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angles = torch.rand([count, 2], dtype, generator.device, generator: generator) * (2 * Math.PI);
        Tensor u = angles.narrow(-1, 0, 1);
        Tensor turn = torch.rand([count, 1], dtype, generator.device, generator: generator).lt((1 - (u.cos() * (TubeRadius / CoreRadius))) / 2);
        Tensor turned = torch.cat([u + (turn.to(dtype) * Math.PI), angles.narrow(-1, 1, 1)], -1);
        return FromAngles(turned).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Wrapped Gaussians in both angles, of variance t/r² in u and t/(R + r cos u)² in v, at most 4.</remarks>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor angles = ToAngles(centres);
        return FromAngles(WrappedGaussian.Sample(angles, AngleVariances(angles, logTime), generator)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The uniform density of the angles is (1 + (r/R) cos u) / 4π².</remarks>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor start = ToAngles(centres.to(ScalarType.Float64));
        Tensor end = ToAngles(points.to(ScalarType.Float64));
        Tensor area = (end.narrow(-1, 0, 1).cos() * (TubeRadius / CoreRadius)).log1p();
        return (WrappedGaussian.LogRatio(end - start, AngleVariances(start, logTime.to(ScalarType.Float64))) - area).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The trapezoidal rule in both angles, with the weight R + r cos u.</remarks>
    public QuadratureRule Quadrature(double spacing) => new(
        [
            QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing / TubeRadius, u => CoreRadius + (TubeRadius * Math.Cos(u))),
            QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing / (CoreRadius + TubeRadius)),
        ],
        FromAngles);

    /// <inheritdoc/>
    public double Diameter => distances.Value.Greatest;

    /// <inheritdoc/>
    /// <remarks>To about 1%: shortest paths on a grid, made when first asked for.</remarks>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return distances.Value.Between(ToAngles(p), ToAngles(q)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>Around the tube, and the long way round.</remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] angles = ToAngles(points).unbind(-1);
        (Tensor u, Tensor v) = (angles[0], angles[1]);
        Tensor around = torch.stack([-u.sin() * v.cos(), -u.sin() * v.sin(), u.cos()], -1);
        Tensor along = torch.stack([-v.sin(), v.cos(), torch.zeros_like(v)], -1);
        return torch.stack([around, along], -2).MoveToOuterDisposeScope();
    }

    private Chart Unrolled()
    {
        ChartAxis[] axes =
            [new("R v, the long way round", -Math.PI * CoreRadius, Math.PI * CoreRadius, true), new("r u, round the tube", -Math.PI * TubeRadius, Math.PI * TubeRadius, true)];
        double[] radii = [CoreRadius, TubeRadius];
        return Chart.Box(
            axes,
            AmbientDimension,
            points => ToAngles(points).flip(-1) * torch.tensor(radii, device: points.device),
            coordinates => FromAngles((coordinates / torch.tensor(radii, device: coordinates.device)).flip(-1)));
    }

    private Tensor AngleVariances(Tensor angles, Tensor logTime)
    {
        Tensor fromAxis = (angles.narrow(-1, 0, 1).cos() * tube) + core;
        Tensor lengths = torch.cat([torch.full_like(fromAxis, tube), fromAxis], -1);
        return logTime.exp() / lengths.Squared();
    }

    /// <summary>The points whose directions in the tube and round the axis are the given unit vectors, each [..., 2].</summary>
    private Tensor Assemble(Tensor around, Tensor outward)
    {
        Tensor fromAxis = (around.narrow(-1, 0, 1) * tube) + core;
        return torch.cat([outward * fromAxis, around.narrow(-1, 1, 1) * tube], -1);
    }
}
