using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>The charts in which manifolds are drawn.</summary>
public class ChartTests
{
    private const int Count = 200;

    public static TheoryData<string, int> All => Charts((_, _) => true);

    public static TheoryData<string, int> OfDimension => Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension);

    public static TheoryData<string, int> WithArea => Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && chart.IsTrueToSize);

    public static TheoryData<string, int> WithoutArea => Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && !chart.IsTrueToSize);

    public static TheoryData<string, int> OfClosedWithArea =>
        Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && manifold is IClosedManifold && chart.IsTrueToSize);

    public static TheoryData<string, int> Twisted => Charts((_, chart) => chart.Axes.Any(axis => axis.IsTwisted));

    [Fact]
    public void Every_manifold_of_the_catalogue_up_to_three_dimensions_has_one() =>
        Assert.Equal(
            ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id).Dimension <= 3),
            ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IChartedManifold { Charts.Count: > 0 }));

    [Theory]
    [MemberData(nameof(All))]
    public void Points_come_back_from_their_places(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, index);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(Count, new Generator(1, CPU));
        Tensor places = chart.ToCoordinates(points);
        (Tensor back, Tensor inside) = chart.ToPoints(places);
        Assert.True(inside.all().item<bool>());
        Assert.InRange(Numeric.Greatest(manifold.Features(back) - manifold.Features(points)), 0, 1e-10);
        for (int axis = 0; axis < chart.Axes.Count; axis++)
        {
            Assert.InRange(places.select(-1, axis).min().item<double>(), chart.Axes[axis].Low - 1e-12, double.PositiveInfinity);
            Assert.InRange(places.select(-1, axis).max().item<double>(), double.NegativeInfinity, chart.Axes[axis].High + 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(OfDimension))]
    public void Places_inside_come_back_from_their_points(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, index);
        Tensor places = AnyPlaces(chart, 4 * Count);
        (Tensor points, Tensor inside) = chart.ToPoints(places);
        Assert.InRange(Numeric.Greatest(points - manifold.Project(points)), 0, 1e-12);
        Assert.InRange(Numeric.Greatest((chart.ToCoordinates(points) - places)[inside]), 0, 1e-7);
    }

    [Theory]
    [MemberData(nameof(WithArea))]
    public void Charts_keep_volumes(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.InRange(Numeric.Greatest(Stretch(Find(id, index).Chart) - 1), 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(WithoutArea))]
    public void Charts_that_do_not_keep_volumes_say_so(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.InRange(Numeric.Greatest(Stretch(Find(id, index).Chart) - 1), 0.05, 1e3);
    }

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
        Tensor Places(double end, Tensor across) => stack(axis == 0 ? [full_like(across, end), across] : [across, full_like(across, end)], -1);
        Tensor low = chart.ToPoints(Places(twisted.Low, along)).Points, high = chart.ToPoints(Places(twisted.High, other.Low + other.High - along)).Points;
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

    /// <summary>Coordinates stand side by side, and every part has a chart.</summary>
    [Theory]
    [InlineData("torus:5", 3)]
    [InlineData("euclidean:4", 2)]
    [InlineData("torus:2", 1)]
    [InlineData("sphere:5", 1)]
    public void Products_are_drawn_part_by_part(string id, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IChartedManifold)ManifoldCatalogue.Parse(id);
        Assert.Equal(count, manifold.Parts.Count);
        Assert.Equal(manifold.AmbientDimension, manifold.Parts.Sum(part => part.AmbientDimension));
        Assert.All(manifold.Parts.Where(_ => count > 1), part => Assert.NotEmpty(part.Charts));
        Tensor x = randn([20, manifold.AmbientDimension], ScalarType.Float64, generator: new Generator(4, CPU));
        Tensor[] parts = x.split([.. manifold.Parts.Select(part => (long)part.AmbientDimension)], -1);
        Assert.InRange(Numeric.Greatest(manifold.Project(x) - cat([.. manifold.Parts.Zip(parts, (part, own) => part.Project(own))], -1)), 0, 1e-12);
    }

    /// <summary>The discs of an ellipsoid are as wide and as high as it is.</summary>
    [Fact]
    public void The_hemispheres_of_an_ellipsoid_are_stretched_as_it_is()
    {
        Chart chart = new Ellipsoid([3, 2, 1]).Charts[0];
        Assert.Equal(ChartKind.Hemispheres, chart.Kind);
        Assert.Equal([6 * Math.Sqrt(2), 2 * Math.Sqrt(2)], chart.Axes.Select(axis => axis.High));
    }

    [Theory]
    [MemberData(nameof(OfClosedWithArea))]
    public void What_is_inside_is_as_large_as_the_manifold(string id, int index)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, index);
        double box = chart.Axes.Aggregate(1.0, (product, axis) => product * (axis.High - axis.Low));
        const int count = 20_000;
        double share = chart.ToPoints(AnyPlaces(chart, count)).Inside.to(ScalarType.Float64).mean().item<double>();
        double expected = Math.Exp(((IClosedManifold)manifold).LogVolume) / box;
        Statistics.AssertMean(expected, share, Math.Sqrt(Math.Max(0, expected * (1 - expected))), count, id);
    }

    [Theory]
    [InlineData("sphere:1")]
    [InlineData("torus:1")]
    [InlineData("projective:1")]
    public void Circles_are_as_long_as_the_manifold(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        (IManifold manifold, Chart chart) = Find(id, 0);
        Assert.Equal(ChartKind.Circle, chart.Kind);
        Tensor angles = linspace(0, 2 * Math.PI, 2001, ScalarType.Float64).unsqueeze(-1);
        Tensor places = chart.ToCoordinates(FlatTorus.FromAngles(angles));
        double turns = manifold is IAntipodalManifold ? 2 : 1;
        double length = places.diff(1, 0).square().sum(-1).sqrt().sum().item<double>() / turns;
        Assert.Equal(Math.Exp(((IClosedManifold)manifold).LogVolume), length, 1e-4);
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

    [Fact]
    public void The_sphere_is_seen_from_outside_in_both_discs()
    {
        using DisposeScope scope = NewDisposeScope();
        (_, Chart chart) = Find("sphere:2", 0);
        Tensor places = AnyPlaces(chart, Count);
        (Tensor points, Tensor inside) = chart.ToPoints(places);
        Tensor jacobian = Numeric.Jacobian(x => chart.ToPoints(x).Points, places, 1e-4);
        Tensor frame = cat([jacobian, points.unsqueeze(-1)], -1);
        Assert.True(linalg.det(frame)[inside.logical_and(places.select(-1, 0).abs().gt(0.1))].median().item<double>() > 0.99);
    }

    [Fact]
    public void A_rotation_is_drawn_on_its_axis_as_far_out_as_smaller_rotations_have_volume()
    {
        using DisposeScope scope = NewDisposeScope();
        (_, Chart chart) = Find("so3", 0);
        double[] axis = [2.0 / 7, -3.0 / 7, 6.0 / 7];
        foreach (double angle in new[] { 1e-5, 0.02, 1, 2.5, Math.PI - 1e-6 })
        {
            double[,] generator = { { 0, -axis[2], axis[1] }, { axis[2], 0, -axis[0] }, { -axis[1], axis[0], 0 } };
            Tensor place = chart.ToCoordinates(linalg.matrix_exp(tensor(generator) * angle).reshape(1, 9));
            double radius =
                2 * Math.Sqrt(2) * (angle < 0.1 ? angle / 2 * (1 - (angle * angle / 60)) : Math.Cbrt(0.75 * (angle - Math.Sin(angle))));
            Assert.InRange(Numeric.Greatest((place - (tensor(axis) * radius)) / radius), 0, 1e-8);
        }
    }

    [Fact]
    public void Two_curves_make_a_square()
    {
        using DisposeScope scope = NewDisposeScope();
        Chart circle = Find("torus:1", 1).Chart, line = Find("euclidean:1", 0).Chart;
        var product = Chart.Product(circle, line);
        Assert.Equal([true, false], product.Axes.Select(axis => axis.IsPeriodic));
        Tensor points = cat([FlatTorus.FromAngles(tensor(new[,] { { 2.0 } })), tensor(new[,] { { -7.0 } })], -1);
        Assert.Equal([2, -7], Numeric.Values(product.ToCoordinates(points)).Select(x => Math.Round(x, 12)));
        (Tensor back, Tensor inside) = product.ToPoints(tensor(new[,] { { 2, -7 }, { 4, -7.0 } }));
        Assert.InRange(Numeric.Greatest(back[..1] - points), 0, 1e-12);
        Assert.Equal([true, false], inside.data<bool>().ToArray());
        Assert.Throws<ArgumentException>(() => Chart.Product(Find("torus:1", 0).Chart, line));
    }

    private static TheoryData<string, int> Charts(Func<IManifold, Chart, bool> wanted)
    {
        var data = new TheoryData<string, int>();
        foreach (IChartedManifold manifold in ManifoldCatalogue.Examples.Select(ManifoldCatalogue.Parse).OfType<IChartedManifold>())
        {
            for (int i = 0; i < manifold.Charts.Count; i++)
            {
                if (wanted(manifold, manifold.Charts[i]))
                {
                    data.Add(manifold.Id, i);
                }
            }
        }
        return data;
    }

    /// <summary>By how much volumes on M are larger than in a chart, at places all over it.</summary>
    private static Tensor Stretch(Chart chart)
    {
        Tensor places = AnyPlaces(chart, Count) * 0.9;
        places = places[chart.ToPoints(places / 0.9).Inside];
        Tensor jacobian = Numeric.Jacobian(x => chart.ToPoints(x).Points, places);
        return linalg.det(matmul(jacobian.transpose(-2, -1), jacobian)).sqrt();
    }

    private static (IManifold Manifold, Chart Chart) Find(string id, int index)
    {
        var manifold = (IChartedManifold)ManifoldCatalogue.Parse(id);
        return (manifold, manifold.Charts[index]);
    }

    /// <summary>Uniform on the box of the axes; to three from the origin where there is no end.</summary>
    private static Tensor AnyPlaces(Chart chart, int count)
    {
        double[] low = [.. chart.Axes.Select(axis => double.IsInfinity(axis.Low) ? -3 : axis.Low)];
        double[] high = [.. chart.Axes.Select(axis => double.IsInfinity(axis.High) ? 3 : axis.High)];
        Tensor share = rand([count, chart.Axes.Count], ScalarType.Float64, generator: new Generator(9, CPU));
        return tensor(low) + (share * (tensor(high) - tensor(low)));
    }
}
