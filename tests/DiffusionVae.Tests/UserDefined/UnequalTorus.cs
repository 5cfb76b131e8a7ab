using DiffusionVae.HeatKernels;
using DiffusionVae.Manifolds;
using TorchSharp;
using static System.FormattableString;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.UserDefined;

// The manifold of CONTRIBUTING, for the compiler to see; see GuideTests.

/// <summary>A flat torus in R^(2k) with circles of radii r_1 to r_k: <c>unequal-torus:r1,r2</c>.</summary>
/// <remarks>A point is k pairs r_i (cos θ_i, sin θ_i), one circle after another.</remarks>
public sealed class UnequalTorus :
    IHeatKernelManifold, IHeatKernelSampler, IQuadratureManifold, IMetricManifold, ICircularManifold, IChartedManifold
{
    private readonly double[] radii;
    private readonly CircleHeatKernel[] kernels;

    /// <summary>Creates the torus.</summary>
    /// <param name="radii">r_1 to r_k, at least one, in length units.</param>
    /// <exception cref="ArgumentException">There are none, or one is not positive and finite.</exception>
    public UnequalTorus(IReadOnlyList<double> radii)
    {
        ArgumentNullException.ThrowIfNull(radii);
        if (radii.Count == 0 || radii.Any(radius => !(radius > 0 && double.IsFinite(radius))))
        {
            throw new ArgumentException("The torus needs one or more positive radii.", nameof(radii));
        }
        this.radii = [.. radii];
        kernels = [.. radii.Select(radius => new CircleHeatKernel(radius))];
        (string, double)[] axes = [.. radii.Select((radius, i) => (Invariant($"length {i + 1}"), radius))];
        Charts = radii.Count <= 3 ? [UnrolledChart.Create(axes, AmbientDimension, ToAngles, FromAngles, isTrueToSize: true)] : [];
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "unequal-torus",
        Syntax = "unequal-torus:r1,r2",
        Summary = "flat torus whose circles have these radii",
        Advice = "periodic quantities that vary to unlike extents",
        Examples = ["unequal-torus:2,1"],
        ShortForms = new Dictionary<string, string> { ["unequal-torus"] = "unequal-torus:2,1" },
        Create = numbers => numbers.Count is >= 1 and <= FamilyNumbers.MostDimensions && numbers.All(radius => radius > 0)
            ? new UnequalTorus(numbers)
            : throw new FormatException("one or more positive radii r1,r2,..."),
    };

    /// <inheritdoc/>
    public string Id => $"unequal-torus:{string.Join(',', radii.Select(radius => Invariant($"{radius}")))}";

    /// <inheritdoc/>
    public int Dimension => radii.Length;

    /// <inheritdoc/>
    public int AmbientDimension => 2 * radii.Length;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>Each pair divided by its length and multiplied by its radius.</remarks>
    public Tensor Project(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return (UnitVectors.Normalise(Pairs(x)) * Radii(x).unsqueeze(-1)).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    // ---- Angles ----

    /// <inheritdoc/>
    public Tensor FromAngles(Tensor angles)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = torch.stack([angles.cos(), angles.sin()], -1); // [..., k, 2]
        return (pairs * Radii(angles).unsqueeze(-1)).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor CircleVectors(Tensor x) => Pairs(x);

    /// <summary>The angles of points, [..., 2k] to [..., k].</summary>
    private Tensor ToAngles(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor pairs = Pairs(points);
        return torch.atan2(pairs.select(-1, 1), pairs.select(-1, 0)).MoveToOuterDisposeScope();
    }

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>Σ log(2π r_i).</remarks>
    public double LogVolume => radii.Sum(radius => Math.Log(2 * Math.PI * radius));

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
        new([.. radii.Select(radius => QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing / radius))], FromAngles);

    // ---- Heat kernel: a product over the circles ----

    /// <inheritdoc/>
    /// <remarks>The sum of the circles' divergences.</remarks>
    public Tensor Divergence(Tensor points, Tensor logTime)
    {
        using var scope = torch.NewDisposeScope();
        return kernels.Select(kernel => TabulatedDivergence.Evaluate(kernel.DivergenceTable, logTime))
            .Aggregate((sum, other) => sum + other).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public double MeanDivergence(double time) => kernels.Sum(kernel => kernel.Divergence(time));

    /// <inheritdoc/>
    /// <remarks>A Gaussian step of length √t ε on every circle.</remarks>
    public Tensor SampleHeatKernel(Tensor points, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor angles = ToAngles(points); // [batch, k]
        Tensor step = torch.randn(angles.shape, angles.dtype, angles.device, generator: generator) * (logTime / 2).exp();
        return FromAngles(angles + (step / Radii(angles))).MoveToOuterDisposeScope();
    }

    // ---- Distances ----

    /// <inheritdoc/>
    /// <remarks>π √(Σ r_i²).</remarks>
    public double Diameter => Math.PI * Math.Sqrt(radii.Sum(radius => radius * radius));

    /// <inheritdoc/>
    /// <remarks>√(Σ (r_i δ_i)²), δ_i being the angle between the i-th pairs.</remarks>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        Tensor angles = UnitVectors.Angle(UnitVectors.Normalise(Pairs(p)), UnitVectors.Normalise(Pairs(q))).squeeze(-1); // [..., k]
        return UnitVectors.Length(angles * Radii(p)).MoveToOuterDisposeScope();
    }

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>Up to three circles: unrolled, each as long as it is.</remarks>
    public IReadOnlyList<Chart> Charts { get; }

    /// <summary>[..., 2k] to [..., k, 2].</summary>
    private static Tensor Pairs(Tensor points) => points.reshape([.. points.shape[..^1], points.size(-1) / 2, 2]);

    private Tensor Radii(Tensor like) => torch.tensor(radii, like.dtype, like.device);
}
