using DiffusionVae.Manifolds;
using TorchSharp;
using static DiffusionVae.Tests.Manifolds.ChartSamples;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Edges and rims of charts: which of their points are one point of the manifold.</summary>
public class ChartGluingTests
{
    private const int Count = 200;

    public static TheoryData<string, int> All => Charts((_, _) => true);

    public static TheoryData<string, int> Twisted => Charts((_, chart) => chart.Axes.Any(axis => axis.IsTwisted));

    /// <summary>The left edge is the right one, turned over.</summary>
    [Theory]
    [MemberData(nameof(Twisted))]
    public void Both_ends_of_a_twisted_axis_are_one_with_the_other_axis_turned_over(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, index);
        int axis = chart.Axes[0].IsTwisted ? 0 : 1;
        (ChartAxis twisted, ChartAxis other) = (chart.Axes[axis], chart.Axes[1 - axis]);
        Tensor along = AnyPlaces(chart, Count).select(-1, 1 - axis);
        Tensor Places(double end, Tensor across) =>
            stack(axis == 0 ? [full_like(across, end), across] : [across, full_like(across, end)], -1);
        Tensor low = chart.ToPoints(Places(twisted.Low, along)).Points,
            high = chart.ToPoints(Places(twisted.High, other.Low + other.High - along)).Points;
        Assert.InRange(Numeric.Greatest(low - high), 0, 1e-12);
        Assert.InRange(Numeric.Greatest(low - chart.ToPoints(Places(twisted.High, along)).Points), 0.1, 10);
        var surface = ((IChartedManifold)manifold).Charts.First(candidate => candidate.Kind == ChartKind.Surface);
        Assert.InRange(Numeric.Greatest(surface.ToCoordinates(low) - surface.ToCoordinates(high)), 0, 1e-7);
    }

    /// <summary>A surface that crosses itself still has a tangent plane everywhere.</summary>
    [Fact]
    public void The_surface_of_the_Klein_bottle_is_an_immersion()
    {
        using DisposeScope scope = NewDisposeScope();
        var bottle = new KleinBottle();
        Chart flat = bottle.Charts[0], surface = bottle.Charts[1];
        Tensor jacobian = Numeric.Jacobian(x => surface.ToCoordinates(flat.ToPoints(x).Points), AnyPlaces(flat, Count) * 0.99);
        Assert.InRange(linalg.det(matmul(jacobian.transpose(-2, -1), jacobian)).min().item<double>(), 0.05, 1e3);
        Assert.Throws<ArgumentException>(() => Chart.InSpace(surface, x => x));
    }

    [Fact]
    public void The_whole_surface_of_the_ball_of_the_three_sphere_is_one_point()
    {
        using DisposeScope scope = NewDisposeScope();
        (_, Chart chart) = Find("sphere:3", 0);
        Assert.Equal(ChartRim.OnePoint, chart.Rim);
        Tensor directions = new Sphere(2).SampleUniform(Count, new Generator(3, CPU), ScalarType.Float64);
        (Tensor points, Tensor inside) = chart.ToPoints(directions * Math.PI);
        Assert.True(inside.all().item<bool>());
        Assert.InRange(Numeric.Greatest(points - tensor(new[] { 0.0, 0, 0, -1 })), 0, 1e-12);
        Assert.False(chart.ToPoints(directions * (Math.PI * 1.01)).Inside.any().item<bool>());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Both_ends_of_a_periodic_axis_are_one_point(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, index);
        for (int axis = 0; axis < chart.Axes.Count; axis++)
        {
            if (chart.Axes[axis].IsPeriodic)
            {
                (Tensor low, Tensor high) = (AnyPlaces(chart, 20), AnyPlaces(chart, 20));
                low.select(-1, axis).fill_(chart.Axes[axis].Low);
                high.select(-1, axis).fill_(chart.Axes[axis].High);
                Assert.InRange(Numeric.Greatest(
                    manifold.Features(chart.ToPoints(low).Points) - manifold.Features(chart.ToPoints(high).Points)), 0, 1e-12);
            }
        }
    }

    [Theory]
    [InlineData("projective:2")]
    [InlineData("projective:3")]
    [InlineData("so3")]
    public void Opposite_points_of_the_rim_are_one_point_and_others_are_not(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, 0);
        Tensor directions = new Sphere(chart.Axes.Count - 1).SampleUniform(Count, new Generator(3, CPU), ScalarType.Float64);
        double Gap(double radius)
        {
            (Tensor one, Tensor inside) = chart.ToPoints(directions * radius);
            Tensor other = chart.ToPoints(-directions * radius).Points;
            Assert.Equal(radius <= chart.Axes[0].High, inside.all().item<bool>());
            Assert.Equal(inside.any().item<bool>(), inside.all().item<bool>());
            return Numeric.Greatest(manifold.Features(one) - manifold.Features(other));
        }
        Assert.InRange(Gap(chart.Axes[0].High), 0, 1e-7);
        Assert.InRange(Gap(0.9 * chart.Axes[0].High), 0.1, 10);
        Assert.False(chart.ToPoints(directions * (1.01 * chart.Axes[0].High)).Inside.any().item<bool>());
    }

    [Fact]
    public void Hemispheres_touch_where_their_rims_are_one_point_of_the_sphere()
    {
        using DisposeScope scope = NewDisposeScope();
        (_, Chart chart) = Find("sphere:2", 0);
        Tensor turn = linspace(-3, 3, 50, ScalarType.Float64);
        double r = Math.Sqrt(2) * (1 - 1e-9);
        Tensor north = stack([(r * turn.cos()) - Math.Sqrt(2), r * turn.sin()], -1),
            south = stack([Math.Sqrt(2) - (r * turn.cos()), r * turn.sin()], -1);
        Tensor expected = stack([turn.cos(), turn.sin(), zeros_like(turn)], -1);
        Assert.InRange(Numeric.Greatest(chart.ToPoints(north).Points - expected), 0, 1e-4);
        Assert.InRange(Numeric.Greatest(chart.ToPoints(south).Points - expected), 0, 1e-4);
        Assert.Equal(1, chart.ToPoints(tensor(new[,] { { -Math.Sqrt(2), 0 } })).Points[0, 2].item<double>(), 1e-12);
        Assert.Equal(-1, chart.ToPoints(tensor(new[,] { { Math.Sqrt(2), 0 } })).Points[0, 2].item<double>(), 1e-12);
    }
}
