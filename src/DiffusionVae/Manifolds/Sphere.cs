using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The unit sphere S^d in R^(d+1): <c>sphere:d</c>.</summary>
public sealed class Sphere : IChartedManifold, IGeodesicManifold, IFramedManifold, IHeatKernelManifold, IHeatKernelSampler, IProposalManifold, IQuadratureManifold, IFusedProjection
{
    /// <summary>Creates the sphere of the given dimension.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public Sphere(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        HeatKernel = RadialHeatKernel.Sphere(dimension);
        Charts = dimension switch
        {
            1 => [Chart.Embedded(ChartKind.Circle, [1, 1], Project), Chart.Angles(["angle"], AmbientDimension, FlatTorus.ToAngles, FlatTorus.FromAngles)],
            2 => [SphericalCharts.Hemispheres(), Chart.Embedded(ChartKind.Surface, [1, 1, 1], Project)],
            _ => [],
        };
    }

    /// <summary>The transition density of Brownian motion.</summary>
    public RadialHeatKernel HeatKernel { get; }

    /// <inheritdoc/>
    public string Id => Invariant($"sphere:{Dimension}");

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int AmbientDimension => Dimension + 1;

    /// <inheritdoc/>
    /// <remarks>S^1: the circle, and its angle. S^2: two hemispheres, and the sphere in space. None in higher dimensions.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <inheritdoc/>
    /// <remarks>log(2 π^((d+1)/2) / Γ((d+1)/2)).</remarks>
    public double LogVolume => HeatKernel.LogVolume;

    /// <inheritdoc/>
    /// <remarks>P(x) = x / |x|.</remarks>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Normalise(x).MoveToOuterDisposeScope();
    }

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points) => FusedUnitVectors.Normalise(x, points, AmbientDimension);

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient) => FusedUnitVectors.PullBack(x, points, gradient, AmbientDimension);

    /// <inheritdoc/>
    /// <remarks>d(d-1) everywhere.</remarks>
    public Tensor ScalarCurvature(Tensor points) => ConstantCurvature(points, Dimension * (Dimension - 1));

    internal static Tensor ConstantCurvature(Tensor points, double value) =>
        torch.full([.. points.shape[..^1], 1], value, points.dtype, points.device);

    /// <inheritdoc/>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Normalise(torch.randn([count, AmbientDimension], dtype, generator.device, generator: generator)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Divergence(Tensor points, Tensor logTime) => TabulatedDivergence.Evaluate(HeatKernel.DivergenceTable, logTime);

    /// <inheritdoc/>
    public double MeanDivergence(double time) => HeatKernel.Divergence(time);

    /// <inheritdoc/>
    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) => RadialSampling.Sample(this, HeatKernel, points, logTime, generator);

    /// <inheritdoc/>
    public Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator) =>
        ExponentialGaussian.Sample(this, HeatKernel, centres, logTime, generator);

    /// <inheritdoc/>
    public Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points) =>
        ExponentialGaussian.LogRatio(this, HeatKernel, centres, logTime, points);

    /// <inheritdoc/>
    /// <remarks>Gauss rules in the cosines of the polar angles, and the trapezoidal rule round the circle.</remarks>
    public QuadratureRule Quadrature(double spacing) => SphereQuadrature.Rule(Dimension, spacing);

    /// <inheritdoc/>
    /// <remarks>π.</remarks>
    public double Diameter => Math.PI;

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>The reflection that takes the last axis to ±p takes the others to a basis; with p behind it, it is right-handed.</remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor last = points.narrow(-1, Dimension, 1);
        Tensor sign = torch.where(last.lt(0), -torch.ones_like(last), torch.ones_like(last));
        Tensor normal = torch.cat([points.narrow(-1, 0, Dimension), last + sign], -1);
        Tensor others = torch.eye(Dimension, AmbientDimension, points.dtype, points.device);
        Tensor scale = 2 * normal.narrow(-1, 0, Dimension) / normal.Squared().sum(-1, keepdim: true);
        Tensor basis = others - (scale.unsqueeze(-1) * normal.unsqueeze(-2));
        Tensor first = basis.narrow(-2, 0, 1) * sign.unsqueeze(-1);
        return torch.cat([first, basis.narrow(-2, 1, Dimension - 1)], -2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Angle(p, q).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>cos|v| p + sin|v|/|v| v.</remarks>
    public Tensor Exp(Tensor p, Tensor tangent)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angle = UnitVectors.Length(tangent);
        return UnitVectors.Normalise((angle.cos() * p) + (UnitVectors.Sinc(angle) * tangent)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Log(Tensor p, Tensor q)
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

    /// <summary>Some tangent vector at each point, of length √½ at least: for opposite points every direction is as short.</summary>
    private Tensor AnyTangent(Tensor p) =>
        ProjectTangent(p, torch.zeros_like(p).scatter(-1, p.abs().argmin(-1, keepdim: true), torch.ones_like(p)));

    /// <inheritdoc/>
    public Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return (vector - ((vector * p).sum(-1, keepdim: true) * p)).MoveToOuterDisposeScope();
    }
}
