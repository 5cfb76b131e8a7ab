using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The unit sphere S^d in R^(d+1): <c>sphere:d</c>.</summary>
public sealed class Sphere : IGeodesicManifold, IHeatKernelManifold, IHeatKernelSampler
{
    private readonly Lazy<TabulatedDivergence> divergence;

    /// <summary>Creates the sphere of the given dimension.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is less than 1.</exception>
    public Sphere(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        HeatKernel = RadialHeatKernel.Sphere(dimension);
        divergence = new Lazy<TabulatedDivergence>(() => new TabulatedDivergence(HeatKernel.DivergenceTable));
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
    /// <remarks>log(2 π^((d+1)/2) / Γ((d+1)/2)).</remarks>
    public double LogVolume => HeatKernel.LogVolume;

    /// <inheritdoc/>
    /// <remarks>P(x) = x / |x|.</remarks>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return UnitVectors.Normalise(x).MoveToOuterDisposeScope();
    }

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
    public Tensor Divergence(Tensor points, Tensor logTime) => divergence.Value.Evaluate(logTime);

    /// <inheritdoc/>
    public double MeanDivergence(double time) => HeatKernel.Divergence(time);

    /// <inheritdoc/>
    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator) => RadialSampling.Sample(this, HeatKernel, points, logTime, generator);

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
        // The direction comes from q - p, which does not cancel where q is near p.
        Tensor across = ProjectTangent(p, q - p);
        Tensor length = UnitVectors.Length(across);
        Tensor scale = torch.where(length.gt(0), UnitVectors.Angle(p, q) / length, torch.ones_like(length));
        return (scale * across).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return (vector - ((vector * p).sum(-1, keepdim: true) * p)).MoveToOuterDisposeScope();
    }
}
