using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

// What is measured on the ring torus: volume, curvature, diffusion, distances.
public sealed partial class EmbeddedTorus
{
    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>log(4 π² R r).</remarks>
    public double LogVolume => Math.Log(4 * Math.PI * Math.PI * CoreRadius * TubeRadius);

    /// <inheritdoc/>
    /// <remarks>2 cos u / (r (R + r cos u)).</remarks>
    public Tensor ScalarCurvature(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar tube = TubeRadius, core = CoreRadius, factor = 2 / TubeRadius;
        Tensor cosine = CosineAroundTube(points);
        return (cosine * factor / ((cosine * tube) + core)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// u has a density proportional to R + r cos u: uniform, turned by π with probability (1 - (r/R) cos u) /
    /// 2.
    /// </remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angles = torch.rand([count, 2], dtype, generator.device, generator: generator) * (2 * Math.PI);
        Tensor u = angles.narrow(-1, 0, 1);
        Tensor probability = (1 - (u.cos() * (TubeRadius / CoreRadius))) / 2;
        Tensor turn = torch.rand([count, 1], dtype, generator.device, generator: generator).lt(probability);
        Tensor turned = torch.cat([u + (turn.to(dtype) * Math.PI), angles.narrow(-1, 1, 1)], -1);
        return FromAngles(turned).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>The trapezoidal rule in both angles, with the weight R + r cos u.</remarks>
    public QuadratureRule Quadrature(double spacing) =>
        new([AroundTube(spacing / TubeRadius), QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing / (CoreRadius + TubeRadius))], FromAngles);

    /// <remarks>Turning round the axis is an isometry, so one v is enough.</remarks>
    QuadratureRule IQuadratureManifold.InvariantQuadrature() =>
        new([AroundTube(2 * Math.PI / InvariantNodes)], u => FromAngles(torch.cat([u, torch.zeros_like(u)], -1)));

    private QuadratureAxis AroundTube(double step) =>
        QuadratureAxis.Trapezoid(0, 2 * Math.PI, step, u => CoreRadius + (TubeRadius * Math.Cos(u)));

    // ---- Heat kernel and proposals ----

    /// <summary>The transition density of Brownian motion, made when first asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// R/r is out of reach; see <see cref="HasHeatKernel"/>.
    /// </exception>
    public RingTorusHeatKernel HeatKernel => kernel.Value;

    /// <inheritdoc/>
    /// <remarks>The tube is neither nearly as thick as the ring nor a thousand times thinner.</remarks>
    public bool HasHeatKernel =>
        CoreRadius / TubeRadius is >= RingTorusHeatKernel.MinimumRatio and <= RingTorusHeatKernel.MaximumRatio;

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
    /// Wrapped Gaussians in both angles, of variance t/r² in u and t/(R + r cos u)² in v, at most 4.
    /// </remarks>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator) => proposal.Sample(centres, logTime, generator);

    /// <inheritdoc/>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points) => proposal.LogRatio(centres, logTime, points);

    // ---- Distances and orientation ----

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
    /// <remarks>
    /// Around the tube (-sin u cos v, -sin u sin v, cos u), and the long way round (-sin v, cos v, 0).
    /// </remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] angles = ToAngles(points).unbind(-1);
        (Tensor u, Tensor v) = (angles[0], angles[1]);
        Tensor around = torch.stack([-u.sin() * v.cos(), -u.sin() * v.sin(), u.cos()], -1);
        Tensor along = torch.stack([-v.sin(), v.cos(), torch.zeros_like(v)], -1);
        return torch.stack([around, along], -2).MoveToOuterDisposeScope();
    }
}
