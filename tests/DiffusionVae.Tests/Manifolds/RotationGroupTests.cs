using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// SO(3) is RP^3 of radius 2√2, and its projection the one of the singular value decomposition.
/// </summary>
public class RotationGroupTests
{
    private static readonly double Radius = 2 * Math.Sqrt(2);
    private static readonly RotationGroup Rotations = new();
    private static readonly ProjectiveSpace Quaternions = new(3);

    [Fact]
    public void Distances_are_those_of_quaternions_times_the_radius() => Replay.Seeds(generator =>
    {
        Tensor p = Quaternions.SampleUniform(500, generator, ScalarType.Float64),
            q = Quaternions.SampleUniform(500, generator, ScalarType.Float64);
        Tensor distance = Rotations.Distance(RotationGroup.FromQuaternions(p), RotationGroup.FromQuaternions(q));
        Assert.InRange(Numeric.Greatest(distance - (Quaternions.Distance(p, q) * Radius)), 0, 1e-13);
    });

    [Fact]
    public void Volume_and_curvature_scale_with_the_radius()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(Quaternions.LogVolume + (3 * Math.Log(Radius)), Rotations.LogVolume, 1e-14);
        Tensor ofRotation = Rotations.ScalarCurvature(ones(1, 9)), ofQuaternion = Quaternions.ScalarCurvature(ones(1, 4));
        Assert.Equal(ofQuaternion.item<float>() / (Radius * Radius), ofRotation.item<float>(), 1e-7);
    }

    [Fact]
    public void The_angle_of_a_uniform_rotation_has_density_1_less_its_cosine() => Replay.Seeds(generator =>
    {
        Tensor sample = Rotations.SampleUniform(100_000, generator, ScalarType.Float64);
        Tensor trace = sample.select(-1, 0) + sample.select(-1, 4) + sample.select(-1, 8);
        Tensor angles = ((trace - 1) / 2).clamp(-1, 1).acos();
        Statistics.AssertDistribution(Numeric.Values(angles), a => (a - Math.Sin(a)) / Math.PI, "angle");
    });

    [Fact]
    public void Quaternions_of_rotations_are_found_again_also_for_half_turns() => Replay.Seeds(generator =>
    {
        Tensor q = Quaternions.SampleUniform(500, generator, ScalarType.Float64);
        Tensor halfTurns = q.clone();
        halfTurns.select(-1, 0).zero_();
        foreach (Tensor quaternions in new[] { q, Quaternions.Project(halfTurns), eye(4, dtype: ScalarType.Float64) })
        {
            Tensor found = RotationGroup.ToQuaternions(RotationGroup.FromQuaternions(quaternions));
            Assert.InRange(Numeric.Greatest(Quaternions.Distance(quaternions, found)), 0, 1e-14);
            Assert.True(found.select(-1, 0).ge(0).all().item<bool>());
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_nearest_rotation_is_that_of_the_singular_value_decomposition(int sign) => Replay.Seeds(generator =>
    {
        Tensor matrices = randn([2000, 3, 3], ScalarType.Float64, CPU, generator: generator);
        matrices = matrices * (linalg.det(matrices).sign() * sign).reshape(-1, 1, 1);
        (Tensor expected, Tensor s) = BySingularValues(matrices);
        // Where the two lesser singular values all but cancel, the nearest rotation is ill-conditioned.
        Tensor condition = s.select(-1, 0) / (s.select(-1, 1) + (s.select(-1, 2) * sign));
        Tensor error = (Rotations.Project(matrices.flatten(-2, -1)) - expected).norm(-1);
        Assert.InRange(Numeric.Greatest(error / condition), 0, 3e-15 * 10);
    });

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, -1)]
    [InlineData(3, 1, -1)]
    [InlineData(2, 2, -1)]
    [InlineData(1, 1e-9, 1e-9)]
    [InlineData(1, 1e-9, -1e-9)]
    [InlineData(5, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1e-3, -0.9999e-3)]
    [InlineData(1e-200, 1e-200, -1e-201)]
    [InlineData(1e150, 1e150, -1e149)]
    public void Whatever_the_singular_values_no_rotation_is_nearer(double first, double second, double third) => Replay.Seeds(generator =>
    {
        IndependentGeometry geometry = IndependentGeometry.Of(Rotations);
        Tensor left = Numeric.Unflatten(geometry.RandomPoints(100, generator), 3, 3),
            right = Numeric.Unflatten(geometry.RandomPoints(100, generator), 3, 3);
        Tensor matrices = left.matmul(diag(tensor(new[] { first, second, third }))).matmul(right).flatten(-2, -1);
        Tensor projected = Rotations.Project(matrices);
        // |A - R|² = |A|² + 3 - 2 tr(RᵀA), and the greatest trace is the sum of the singular values, the
        // least with the sign of the determinant.
        Tensor trace = (projected * matrices).sum(-1);
        Assert.InRange(Numeric.Greatest((trace - (first + second + third)) / first), 0, 1e-14);
        Assert.InRange(Numeric.Greatest(geometry.Residual(projected)), 0, 1e-14);
    });

    [Fact]
    public void A_matrix_that_is_not_finite_becomes_a_point_that_is_not_finite_and_leaves_its_neighbours_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrices = eye(3, dtype: ScalarType.Float64).flatten().repeat(3, 1);
        matrices[1, 4] = double.NaN;
        double[] projected = Numeric.Values(Rotations.Project(matrices));
        Assert.All(projected[9..18], entry => Assert.Equal(double.NaN, entry));
        Assert.Equal(projected[..9], projected[18..]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], projected[..9]);
    }

    private static (Tensor Rotations, Tensor SingularValues) BySingularValues(Tensor matrices)
    {
        (Tensor u, Tensor s, Tensor vt) = linalg.svd(matrices);
        Tensor last = linalg.det(u.matmul(vt)).unsqueeze(-1);
        Tensor signs = cat([ones_like(last), ones_like(last), last], -1);
        return ((u * signs.unsqueeze(-2)).matmul(vt).flatten(-2, -1), s);
    }
}
