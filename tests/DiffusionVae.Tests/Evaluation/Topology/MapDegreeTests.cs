using DiffusionVae.Evaluation;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Evaluation;

/// <summary>Degrees of maps whose degree is known from elsewhere.</summary>
public class MapDegreeTests
{
    /// <summary>A disturbance of angles, smooth, periodic, and too small to matter.</summary>
    private const double Disturbance = 0.4;

    public static TheoryData<int, int, int, int> Matrices => new()
    {
        { 0, 0, 0, 0 }, { 1, 0, 0, 1 }, { 0, 1, 1, 0 }, { -1, 1, 0, 1 }, { 2, 1, 1, 1 }, { 2, 0, 0, 1 }, { 1, 2, 2, 1 }, { 1, 1, 1, 1 },
        { 3, 1, 0, -1 },
    };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Of_a_linear_map_of_the_torus_disturbed_it_is_the_determinant(int a, int b, int c, int d)
    {
        MapDegree degree =
            MapDegree.Measure(new FlatTorus(2), LatentSpace.Parse("torus:2"), points => FlatTorus.FromAngles(Linear(points, a, b, c, d)))!;
        Assert.Equal((a * d) - (b * c), degree.Value);
        Assert.Equal([[a, b], [c, d]], degree.Winding!);
        Assert.Equal(Certainty.Stable, degree.Certainty);
    }

    [Theory]
    [InlineData("embedded-torus:3,0.6")]
    [InlineData("torus:1*sphere:1")]
    public void Every_manifold_of_two_circles_has_winding_numbers(string id)
    {
        LatentSpace latent = LatentSpace.Parse(id);
        Tensor Map(Tensor points)
        {
            Tensor angles = Linear(points, 1, 2, 2, 1);
            return latent.Manifolds is [EmbeddedTorus ring] ? ring.FromAngles(angles) : FlatTorus.FromAngles(angles);
        }
        Assert.Equal(-3, MapDegree.Measure(new FlatTorus(2), latent, Map)!.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(-3)]
    [InlineData(150)]
    public void On_circles_it_is_the_winding_number(int turns)
    {
        MapDegree degree = MapDegree.Measure(new Sphere(1), LatentSpace.Parse("torus:1"), points =>
        {
            Tensor angle = FlatTorus.ToAngles(points);
            return FlatTorus.FromAngles((angle * turns) + (Disturbance * angle.sin()));
        })!;
        Assert.Equal(turns, degree.Value);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(180)]
    [InlineData(341)]
    public void Windings_too_fast_for_the_samples_are_undetermined_not_wrong(int turns)
    {
        MapDegree degree =
            MapDegree.Measure(
                new FlatTorus(2), LatentSpace.Parse("torus:2"), points => FlatTorus.FromAngles(Linear(points, turns, 0, 0, 1)))!;
        Assert.Null(degree.Value);
        Assert.Equal(Certainty.Undetermined, degree.Certainty);
        Assert.Null(degree.AllowsHomeomorphism);
    }

    [Fact]
    public void A_torn_map_has_no_degree()
    {
        // The second circle is gone round once where the first angle is below half a turn, and not at all
        // elsewhere.
        MapDegree degree = MapDegree.Measure(new FlatTorus(2), LatentSpace.Parse("torus:2"), points =>
        {
            Tensor angles = FlatTorus.ToAngles(points);
            Tensor second = torch.where(angles.select(-1, 0).lt(0), angles.select(-1, 1), torch.zeros_like(angles.select(-1, 1)));
            return FlatTorus.FromAngles(torch.stack([angles.select(-1, 0), second], -1));
        })!;
        Assert.Null(degree.Value);
        Assert.Equal(Certainty.Undetermined, degree.Certainty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(-3)]
    public void Of_a_turning_of_longitudes_it_is_how_often_they_go_round(int turns)
    {
        MapDegree degree = MapDegree.Measure(new Sphere(2), LatentSpace.Parse("sphere:2"), points =>
        {
            Tensor longitude = torch.atan2(points.select(-1, 1), points.select(-1, 0)) * turns;
            Tensor z = points.select(-1, 2), across = (1 - z.square()).clamp_min(0).sqrt();
            Tensor image = torch.stack([across * longitude.cos(), across * longitude.sin(), z], -1);
            return new Sphere(2).Project(image + torch.tensor(new[] { 0.2f, -0.1f, 0.15f }));
        })!;
        Assert.Equal(turns, degree.Value);
        Assert.Equal(Certainty.Stable, degree.Certainty);
    }

    /// <summary>
    /// On a compact connected Lie group of rank 1 the k-th power has degree k (Hopf 1940); SO(3) is one.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(2)]
    public void Of_a_power_of_rotations_it_is_the_exponent(int power)
    {
        MapDegree degree = MapDegree.Measure(new RotationGroup(), LatentSpace.Parse("so3"), points =>
            RotationGroup.FromQuaternions(Power(RotationGroup.ToQuaternions(points), power)))!;
        Assert.Equal(power, degree.Value);
    }

    [Fact]
    public void Rotations_and_projective_space_are_the_same_manifold()
    {
        MapDegree degree = MapDegree.Measure(new RotationGroup(), LatentSpace.Parse("rp3"), RotationGroup.ToQuaternions)!;
        Assert.Equal(1, Math.Abs(degree.Value!.Value));
    }

    [Fact]
    public void A_continuous_map_to_the_sphere_above_projective_space_has_even_degree()
    {
        // p → the last three entries of a rotation, and a fourth: continuous into S³, hence even onto RP³.
        MapDegree degree = MapDegree.Measure(new RotationGroup(), LatentSpace.Parse("rp3"), points =>
            new Sphere(3).Project(torch.cat([points.narrow(-1, 0, 3), points.narrow(-1, 4, 1) + 0.3], -1)))!;
        Assert.Equal(0, degree.Value!.Value % 2);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void On_the_projective_plane_it_is_counted_modulo_2(bool odd, int expected)
    {
        var sphere = new Sphere(2);
        MapDegree degree = MapDegree.Measure(new ProjectiveSpace(2), LatentSpace.Parse("rp2"), points =>
            sphere.Project(odd ? points + (0.5f * points.pow(3)) : points.square() + points.roll(1, -1).abs()))!;
        Assert.Equal(expected, degree.Value);
        Assert.True(degree.IsModuloTwo);
        Assert.Equal(odd, degree.AllowsHomeomorphism);
    }

    [Fact]
    public void Manifolds_of_different_dimension_have_none()
    {
        Assert.Null(MapDegree.Measure(
            new FlatTorus(1), LatentSpace.Parse("sphere:2"), points => torch.cat([points, torch.zeros(points.size(0), 1)], -1)));
        Assert.Null(MapDegree.Measure(new FlatTorus(2), LatentSpace.Parse("euclidean:2"), FlatTorus.ToAngles));
    }

    internal static Tensor Linear(Tensor points, int a, int b, int c, int d)
    {
        Tensor[] angles = FlatTorus.ToAngles(points).unbind(-1);
        (Tensor u, Tensor v) = (angles[0], angles[1]);
        return torch.stack(
            [(a * u) + (b * v) + (Disturbance * (u - v).sin()), (c * u) + (d * v) + (Disturbance * (u + (2 * v)).cos())], -1);
    }

    private static Tensor Power(Tensor quaternions, int exponent)
    {
        Tensor angle = quaternions.narrow(-1, 0, 1).clamp(-1, 1).acos() * exponent;
        Tensor axis = quaternions.narrow(-1, 1, 3);
        return torch.cat([angle.cos(), angle.sin() * axis / axis.norm(-1, keepdim: true).clamp_min(1e-12)], -1);
    }
}
