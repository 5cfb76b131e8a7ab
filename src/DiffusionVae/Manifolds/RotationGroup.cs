using DiffusionVae.HeatKernels;
using static DiffusionVae.Manifolds.RotationMatrices;

namespace DiffusionVae.Manifolds;

/// <summary>The rotations of space SO(3), as matrices in R^9 with the Frobenius metric: <c>so3</c>.</summary>
/// <remarks>
/// A point is the nine entries of its matrix, row by row. A rotation by the angle a lies at distance √2 a
/// from the identity, so this is RP^3 of radius 2√2.
/// </remarks>
public sealed class RotationGroup : RadialManifold, IChartedManifold, IFramedManifold, IPointwiseProjection, ICoveredGroup
{
    private static readonly double Root2 = Math.Sqrt(2);
    private static readonly Sphere UnitQuaternions = new(3);

    /// <summary>Creates the group.</summary>
    public RotationGroup()
        : base(new ProjectiveHeatKernel(3, 2 * Root2))
    {
    }

    /// <summary>Its entry in the catalogue.</summary>
    internal static ManifoldFamily Family => new()
    {
        Name = "so3",
        Syntax = "so3",
        Summary = "rotations of space, as matrices",
        Advice = "a solid without symmetry seen from every side",
        Examples = ["so3"],
        Create = numbers => numbers.Count == 0 ? new RotationGroup() : throw new FormatException("nothing after the name"),
        References = [ManifoldReference.SphericalHeatKernel, NearestRotation.Reference],
    };

    /// <inheritdoc/>
    public override string Id => "so3";

    /// <inheritdoc/>
    public override int AmbientDimension => 9;

    // ---- Projection ----

    /// <inheritdoc/>
    /// <remarks>
    /// The nearest rotation U diag(1, 1, det UVᵀ) Vᵀ of x = U Σ Vᵀ, computed matrix by matrix in double
    /// precision on the processor, wherever the tensor is; see <see cref="NearestRotation"/>. Differentiable
    /// once. A second derivative lacks, without an error, what goes through it.
    /// </remarks>
    public override Tensor Project(Tensor x) => FusedProjection.Project((IFusedProjection)this, x);

    void IPointwiseProjection.ProjectPoint(ReadOnlySpan<double> x, Span<double> point) => NearestRotation.Project(x, point);

    void IPointwiseProjection.PullBackPoint(ReadOnlySpan<double> x, ReadOnlySpan<double> point, Span<double> gradient) =>
        NearestRotation.PullBack(x, point, gradient);

    // ---- Unit quaternions, of which q and -q represent the same rotation ----

    /// <summary>The rotations of unit quaternions.</summary>
    /// <param name="quaternions">[..., 4], (w, x, y, z), of unit length.</param>
    /// <returns>[..., 9].</returns>
    public static Tensor FromQuaternions(Tensor quaternions)
    {
        using var scope = torch.NewDisposeScope();
        return RotationMatrices.FromQuaternions(quaternions).MoveToOuterDisposeScope();
    }

    /// <summary>The unit quaternions of rotations, w not negative.</summary>
    /// <param name="rotations">[..., 9].</param>
    /// <returns>[..., 4], (w, x, y, z).</returns>
    public static Tensor ToQuaternions(Tensor rotations)
    {
        using var scope = torch.NewDisposeScope();
        return RotationMatrices.ToQuaternions(rotations).MoveToOuterDisposeScope();
    }

    IManifold ICoveredGroup.Cover => UnitQuaternions;

    /// <remarks>Lengths are 2√2 times those on S^3.</remarks>
    double ICoveredGroup.TimeRatio => 8;

    ReadOnlySpan<float> ICoveredGroup.Identity => [1, 0, 0, 0];

    Tensor ICoveredGroup.Multiply(Tensor points, Tensor elements)
    {
        using var scope = torch.NewDisposeScope();
        return Product(points, FromQuaternions(elements)).MoveToOuterDisposeScope();
    }

    // ---- Curvature and the uniform distribution ----

    /// <inheritdoc/>
    /// <remarks>3/4 everywhere: 6 / (2√2)².</remarks>
    public override Tensor ScalarCurvature(Tensor points) => Sphere.ConstantCurvature(points, 0.75);

    /// <inheritdoc/>
    /// <remarks>From unit quaternions uniform on S^3.</remarks>
    public override Tensor SampleUniform(long count, Generator generator, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        return FromQuaternions(UnitQuaternions.SampleUniform(count, generator, dtype)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Euler angles, R = Rz(α) Ry(β) Rz(γ): the trapezoidal rule in α and γ, Gauss and Legendre's in cos β.
    /// </remarks>
    public override QuadratureRule Quadrature(double spacing)
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
        Tensor[] quaternion = [cosine * sum.cos(), -sine * difference.sin(), sine * difference.cos(), cosine * sum.sin()];
        return FromQuaternions(torch.stack(quaternion, -1));
    }

    // ---- Geodesics ----

    /// <inheritdoc/>
    /// <remarks>√2 times the angle of pᵀ q.</remarks>
    public override Tensor Distance(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        return (HalfAngle(Relative(p, q)) * (2 * Root2)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>p exp(pᵀ v), by the quaternion of half the angle.</remarks>
    public override Tensor Exp(Tensor p, Tensor tangent)
    {
        using var scope = torch.NewDisposeScope();
        Tensor halfAxis = Vee(Product(p, tangent, transposeFirst: true)) / 2; // [..., 3]
        Tensor angle = UnitVectors.Length(halfAxis); // [..., 1]
        Tensor quaternion = torch.cat([angle.cos(), UnitVectors.Sinc(angle) * halfAxis], -1);
        return Product(p, FromQuaternions(quaternion)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// p log(pᵀ q), the skew logarithm with an angle of at most π, by the quaternion of half the angle.
    /// </remarks>
    public override Tensor Log(Tensor p, Tensor q)
    {
        using var scope = torch.NewDisposeScope();
        Tensor quaternion = Relative(p, q); // [..., 4]
        Tensor imaginary = quaternion.narrow(-1, 1, 3);
        Tensor length = UnitVectors.Length(imaginary); // [..., 1]
        Tensor scale = torch.where(length.gt(0), 2 * HalfAngle(quaternion) / length, torch.full_like(length, 2));
        return Product(p, Hat(scale * imaginary)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>p (pᵀ v - vᵀ p) / 2: p times the skew part of pᵀ v.</remarks>
    public override Tensor ProjectTangent(Tensor p, Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        return Product(p, Hat(Vee(Product(p, vector, transposeFirst: true)))).MoveToOuterDisposeScope();
    }

    private static Tensor Relative(Tensor p, Tensor q) => ToQuaternions(Product(p, q, transposeFirst: true));

    // ---- Orientation ----

    /// <inheritdoc/>
    public bool IsOrientable => true;

    /// <inheritdoc/>
    /// <remarks>
    /// p times the generators of the turns about the three axes, divided by √2, their length.
    /// </remarks>
    public Tensor Frame(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        Tensor generators = Hat(torch.eye(3, dtype: points.dtype, device: points.device)) / Root2; // [3, 9]
        return Product(points.unsqueeze(-2), generators).MoveToOuterDisposeScope();
    }

    // ---- Drawing ----

    /// <inheritdoc/>
    /// <remarks>The ball of rotations.</remarks>
    public IReadOnlyList<Chart> Charts { get; } = [SphericalCharts.Rotations()];
}
