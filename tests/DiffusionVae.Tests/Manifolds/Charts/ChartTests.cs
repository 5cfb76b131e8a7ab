using DiffusionVae.Manifolds;
using TorchSharp;
using static DiffusionVae.Tests.Manifolds.ChartSamples;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>The charts in which manifolds are drawn.</summary>
public class ChartTests
{
    private const int Count = 200;

    public static TheoryData<string, int> All => Charts((_, _) => true);

    public static TheoryData<string, int> OfDimension => Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension);

    public static TheoryData<string, int> WithArea =>
        Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && chart.IsTrueToSize);

    public static TheoryData<string, int> WithoutArea =>
        Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && !chart.IsTrueToSize);

    public static TheoryData<string, int> OfClosedWithArea =>
        Charts((manifold, chart) => chart.Axes.Count == manifold.Dimension && manifold is IClosedManifold && chart.IsTrueToSize);

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
        Assert.InRange(
            Numeric.Greatest(manifold.Project(x) - cat([.. manifold.Parts.Zip(parts, (part, own) => part.Project(own))], -1)), 0, 1e-12);
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

    /// <summary>By how much volumes on M are larger than in a chart, at places all over it.</summary>
    private static Tensor Stretch(Chart chart)
    {
        Tensor places = AnyPlaces(chart, Count) * 0.9;
        places = places[chart.ToPoints(places / 0.9).Inside];
        Tensor jacobian = Numeric.Jacobian(x => chart.ToPoints(x).Points, places);
        return linalg.det(matmul(jacobian.transpose(-2, -1), jacobian)).sqrt();
    }
}
