using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>The rotations of space SO(3), as matrices in R^9 with the Frobenius metric: <c>so3</c>.</summary>
/// <remarks>
/// A point is the nine entries of its matrix, row by row. A rotation by the angle a lies at distance √2 a, so this is RP^3 of radius 2√2.
/// </remarks>
public sealed class RotationGroup : IChartedManifold, IGeodesicManifold, IFramedManifold, IHeatKernelManifold, IHeatKernelSampler, IProposalManifold, IQuadratureManifold, IFusedProjection, ICoveredGroup
{
    private static readonly double Root2 = Math.Sqrt(2);
    private static readonly Sphere UnitQuaternions = new(3);

    /// <summary>The transition density of Brownian motion: that of RP^3 of radius 2√2.</summary>
    public RadialHeatKernel HeatKernel { get; } = new ProjectiveHeatKernel(3, 2 * Root2);

    /// <inheritdoc/>
    public string Id => "so3";

    /// <inheritdoc/>
    public int Dimension => 3;

    /// <inheritdoc/>
    public int AmbientDimension => 9;

    /// <inheritdoc/>
    /// <remarks>The ball of rotations.</remarks>
    public IReadOnlyList<Chart> Charts { get; } = [SphericalCharts.Rotations()];

    /// <inheritdoc/>
    /// <remarks>log(16 √2 π²).</remarks>
    public double LogVolume => HeatKernel.LogVolume;

    /// <inheritdoc/>
    /// <remarks>
    /// The nearest rotation U diag(1, 1, det UVᵀ) Vᵀ, computed matrix by matrix in double precision on the processor, wherever the tensor is;
    /// see <see cref="NearestRotation"/>. Differentiable once.
    /// </remarks>
    public Tensor Project(Tensor x) => FusedProjection.Project(this, x);

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points)
    {
        for (int at = 0; at < x.Length; at += 9)
        {
            NearestRotation.Project(x.Slice(at, 9), points.Slice(at, 9));
        }
    }

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient)
    {
        for (int at = 0; at < x.Length; at += 9)
        {
            NearestRotation.PullBack(x.Slice(at, 9), points.Slice(at, 9), gradient.Slice(at, 9));
        }
    }

    /// <remarks>Of the unit quaternions, q and -q stand for the same rotation.</remarks>
    IManifold ICoveredGroup.Cover => UnitQuaternions;

    /// <remarks>Lengths are 2√2 times those on S^3.</remarks>
    double ICoveredGroup.TimeRatio => 8;

    ReadOnlySpan<float> ICoveredGroup.Identity => [1, 0, 0, 0];

    Tensor ICoveredGroup.Multiply(Tensor points, Tensor elements)
    {
        using var scope = torch.NewDisposeScope();
        return Product(points, FromQuaternions(elements)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>3/4 everywhere: 6 / (2√2)².</remarks>
    public Tensor ScalarCurvature(Tensor points) => Sphere.ConstantCurvature(points, 0.75);

    /// <inheritdoc/>
    /// <remarks>From unit quaternions uniform on S^3.</remarks>
    public Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        return FromQuaternions(UnitQuaternions.SampleUniform(count, generator, dtype)).MoveToOuterDisposeScope();
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
    /// <remarks>Euler angles, R = Rz(α) Ry(β) Rz(γ): the trapezoidal rule in α and γ, Gauss and Legendre's in cos β.</remarks>
    public QuadratureRule Quadrature(double spacing)
    {
        var turn = QuadratureAxis.Trapezoid(0, 2 * Math.PI, spacing / Root2);
        return new QuadratureRule([turn, QuadratureAxis.PolarCosine(1, spacing / Root2), turn], FromEulerAngles);
    }

    /// <summary>The rotations of given α, cos β, γ, [..., 3], by quaternions of half the angles.</summary>
    private static Tensor FromEulerAngles(Tensor coordinates)
    {
        Tensor[] each = coordinates.unbind(-1);
        (Tensor sum, Tensor difference) = ((each[0] + each[2]) / 2, (each[0] - each[2]) / 2);
        (Tensor cosine, Tensor sine) = (((1 + each[1]) / 2).sqrt(), ((1 - each[1]) / 2).sqrt());
        return FromQuaternions(torch.stack([cosine * sum.cos(), -sine * difference.sin(), sine * difference.cos(), cosine * sum.sin()], -1));
    }

    /// <summary>The rotations that unit quaternions stand for.</summary>
    /// <param name="quaternions">[..., 4], (w, x, y, z), of unit length.</param>
    /// <returns>[..., 9].</returns>
    public static Tensor FromQuaternions(Tensor quaternions)
    {
        using var scope = torch.NewDisposeScope();
        Tensor products = (quaternions.unsqueeze(-1) * quaternions.unsqueeze(-2)).flatten(-2, -1);
        return products.matmul(EntriesOfProducts(quaternions)).MoveToOuterDisposeScope();
    }

    /// <summary>The unit quaternions of rotations, w not negative.</summary>
    /// <param name="rotations">[..., 9].</param>
    /// <returns>[..., 4], (w, x, y, z).</returns>
    public static Tensor ToQuaternions(Tensor rotations)
    {
        using var scope = torch.NewDisposeScope();
        // 4 q qᵀ; its row with the largest diagonal entry loses no digits.
        Tensor products = rotations.matmul(EntriesOfProducts(rotations).t()).reshape([.. rotations.shape[..^1], 4, 4]);
        Tensor outer = products + torch.eye(4, dtype: rotations.dtype, device: rotations.device);
        Tensor largest = outer.diagonal(0, -2, -1).argmax(-1, keepdim: true).unsqueeze(-1);
        Tensor row = outer.gather(-2, largest.expand([.. largest.shape[..^1], 4])).squeeze(-2);
        Tensor unit = UnitVectors.Normalise(row);
        return torch.where(unit.narrow(-1, 0, 1).lt(0), -unit, unit).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>√2 π: half a turn.</remarks>
    public double Diameter => Root2 * Math.PI;

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>p times the generators of the turns about the three axes, divided by √2, their length.</remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor generators = Hat(torch.eye(3, dtype: points.dtype, device: points.device)) / Root2;
        return Product(points.unsqueeze(-2), generators).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>√2 times the angle of pᵀ q.</remarks>
    public Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return (HalfAngle(Relative(p, q)) * (2 * Root2)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>p exp(pᵀ v), by the quaternion of half the angle.</remarks>
    public Tensor Exp(Tensor p, Tensor tangent)
    {
        using var scope = torch.NewDisposeScope();
        Tensor halfAxis = Vee(Product(p, tangent, transposeFirst: true)) / 2;
        Tensor angle = UnitVectors.Length(halfAxis);
        Tensor quaternion = torch.cat([angle.cos(), UnitVectors.Sinc(angle) * halfAxis], -1);
        return Product(p, FromQuaternions(quaternion)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        Tensor quaternion = Relative(p, q);
        Tensor imaginary = quaternion.narrow(-1, 1, 3);
        Tensor length = UnitVectors.Length(imaginary);
        Tensor scale = torch.where(length.gt(0), 2 * HalfAngle(quaternion) / length, torch.full_like(length, 2));
        return Product(p, Hat(scale * imaginary)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>p times the skew part of pᵀ v.</remarks>
    public Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return Product(p, Hat(Vee(Product(p, vector, transposeFirst: true)))).MoveToOuterDisposeScope();
    }

    /// <summary>What the products of two components of a quaternion add to the entries of its matrix, [16, 9].</summary>
    private static Tensor EntriesOfProducts(Tensor like) => torch.tensor(
        [
            1, 0, 0, 0, 1, 0, 0, 0, 1, // ww
            0, 0, 0, 0, 0, -1, 0, 1, 0,
            0, 0, 1, 0, 0, 0, -1, 0, 0,
            0, -1, 0, 1, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, -1, 0, 1, 0, // xw
            1, 0, 0, 0, -1, 0, 0, 0, -1,
            0, 1, 0, 1, 0, 0, 0, 0, 0,
            0, 0, 1, 0, 0, 0, 1, 0, 0,
            0, 0, 1, 0, 0, 0, -1, 0, 0, // yw
            0, 1, 0, 1, 0, 0, 0, 0, 0,
            -1, 0, 0, 0, 1, 0, 0, 0, -1,
            0, 0, 0, 0, 0, 1, 0, 1, 0,
            0, -1, 0, 1, 0, 0, 0, 0, 0, // zw
            0, 0, 1, 0, 0, 0, 1, 0, 0,
            0, 0, 0, 0, 0, 1, 0, 1, 0,
            -1, 0, 0, 0, -1, 0, 0, 0, 1,
        ],
        [16, 9],
        like.dtype,
        like.device);

    private static Tensor Relative(Tensor p, Tensor q) => ToQuaternions(Product(p, q, transposeFirst: true));

    private static Tensor HalfAngle(Tensor quaternion) => torch.atan2(UnitVectors.Length(quaternion.narrow(-1, 1, 3)), quaternion.narrow(-1, 0, 1));

    private static Tensor Product(Tensor a, Tensor b, bool transposeFirst = false)
    {
        Tensor first = Matrices(a);
        return torch.matmul(transposeFirst ? first.transpose(-2, -1) : first, Matrices(b)).flatten(-2, -1);
    }

    private static Tensor Matrices(Tensor points) => points.reshape([.. points.shape[..^1], 3, 3]);

    /// <summary>The vector whose cross product is the skew part of a matrix.</summary>
    private static Tensor Vee(Tensor m)
    {
        Tensor[] e = m.unbind(-1);
        return torch.stack([e[7] - e[5], e[2] - e[6], e[3] - e[1]], -1) / 2;
    }

    private static Tensor Hat(Tensor vector)
    {
        Tensor[] v = vector.unbind(-1);
        Tensor zero = torch.zeros_like(v[0]);
        return torch.stack([zero, -v[2], v[1], v[2], zero, -v[0], -v[1], v[0], zero], -1);
    }
}
