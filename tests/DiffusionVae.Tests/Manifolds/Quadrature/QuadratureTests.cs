using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Quadrature rules of every manifold of the catalogue.</summary>
public class QuadratureTests
{
    public static TheoryData<string> Ruled =>
        [.. ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IQuadratureManifold { Dimension: <= 3 })];

    [Fact]
    public void Every_closed_manifold_of_the_catalogue_has_a_rule() =>
        Assert.All(ManifoldCatalogue.Examples.Select(ManifoldCatalogue.Parse).OfType<IClosedManifold>(), manifold =>
            Assert.IsType<IQuadratureManifold>(manifold, exactMatch: false));

    [Theory]
    [MemberData(nameof(Ruled))]
    public void Weights_sum_to_one_and_nodes_lie_on_the_manifold(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IQuadratureManifold)ManifoldCatalogue.Parse(id);
        (Tensor points, Tensor weights) = All(manifold.Quadrature(0.4));
        Assert.Equal(1, weights.sum().item<double>(), 1e-13);
        Assert.InRange(Numeric.Greatest(points - manifold.Project(points)), 0, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Ruled))]
    public void Polynomials_are_integrated_exactly(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IQuadratureManifold)ManifoldCatalogue.Parse(id);
        (Tensor points, Tensor weights) = All(manifold.Quadrature(0.4));
        (Tensor chartPoints, Tensor volumes) = IndependentGeometry.Of(manifold).Quadrature();
        using var generator = new Generator(8, CPU);
        Tensor direction = randn([manifold.AmbientDimension], ScalarType.Float64, generator: generator);
        foreach (int power in Enumerable.Range(1, 6).Where(power => manifold is not IAntipodalManifold || int.IsEvenInteger(power)))
        {
            double expected = (volumes * matmul(chartPoints, direction).pow(power)).sum().item<double>() / volumes.sum().item<double>();
            Assert.Equal(expected, (weights * matmul(points, direction).pow(power)).sum().item<double>(), 1e-6 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Ruled))]
    public void Neighbouring_nodes_are_about_as_far_apart_as_asked(string id)
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = (IQuadratureManifold)ManifoldCatalogue.Parse(id);
        const double spacing = 0.5;
        (Tensor nodes, _) = All(manifold.Quadrature(spacing));
        Tensor anywhere = IndependentGeometry.Of(manifold).RandomPoints(300, new Generator(4, CPU));
        if (manifold is IAntipodalManifold antipodal)
        {
            nodes = cat([nodes, antipodal.Antipode(nodes)], 0);
        }
        // The centre of a cube of that edge, and some more for cells that are no cubes.
        double farthest = cdist(anywhere, nodes).min(-1).values.max().item<double>();
        Assert.InRange(farthest, 0, 0.85 * spacing * Math.Sqrt(manifold.Dimension));
    }

    [Fact]
    public void Five_dimensions_have_a_rule_too()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor points, Tensor weights) = All(new Sphere(5).Quadrature(0.8));
        Assert.Equal(1, weights.sum().item<double>(), 1e-13);
        // E z^4 = 3 / (n (n + 2)), n = 6.
        Assert.All(Enumerable.Range(0, 6), i =>
            Assert.Equal(3.0 / 48, (weights * points.select(-1, i).pow(4)).sum().item<double>(), 1e-12));
    }

    [Fact]
    public void Pieces_are_the_whole_and_products_run_the_last_factor_fastest()
    {
        using DisposeScope scope = NewDisposeScope();
        QuadratureRule first = new Sphere(1).Quadrature(1), second = new Sphere(2).Quadrature(1);
        QuadratureRule product = QuadratureRule.Product([first, second]);
        Assert.Equal(first.Count * second.Count, product.Count);
        (Tensor points, Tensor weights) = All(product);
        Tensor[] pieces = [.. Enumerable.Range(0, (int)product.Count).Select(i => product.Nodes(i, 1).Points)];
        Assert.Equal(Numeric.Values(points), Numeric.Values(cat(pieces, 0)));
        Assert.Equal(Numeric.Values(All(second).Points), Numeric.Values(points.narrow(0, 0, second.Count).narrow(1, 2, 3)));
        Tensor outer = (All(first).Weights.unsqueeze(-1) * All(second).Weights).flatten();
        Assert.InRange(Numeric.Greatest(weights - outer), 0, 1e-16);
    }

    [Theory]
    [InlineData("sphere:2", 3)]
    [InlineData("projective:3", 2)]
    [InlineData("torus:2", 1)]
    [InlineData("klein-bottle:2,0.5", 50)]
    public void Boxes_have_every_node_once_with_its_weight(string id, int parts)
    {
        using DisposeScope scope = NewDisposeScope();
        QuadratureRule rule = ((IQuadratureManifold)ManifoldCatalogue.Parse(id)).Quadrature(0.4);
        (Tensor points, Tensor weights) = All(rule);
        (Tensor Points, Tensor Weights)[] boxes =
            [.. rule.Boxes(parts).Where(box => box.Count > 0).Select(box => rule.Nodes(box, 0, (int)box.Count))];
        double[] whole = Rows(points, weights),
        pieces = Rows(cat([.. boxes.Select(box => box.Points)], 0), cat([.. boxes.Select(box => box.Weights)], 0));
        Assert.Equal(whole, pieces);

        // One number for each node, in an order of their own.
        static double[] Rows(Tensor points, Tensor weights)
        {
            Tensor direction = torch.pow(torch.arange(1, points.size(-1) + 1, ScalarType.Float64), 0.3);
            return [.. Numeric.Values((points * direction).sum(-1) + (100 * weights)).Order()];
        }
    }

    [Fact]
    public void A_box_is_where_the_box_of_the_same_index_is_of_a_finer_rule()
    {
        using DisposeScope scope = NewDisposeScope();
        var manifold = new Sphere(2);
        QuadratureRule coarse = manifold.Quadrature(0.1), fine = manifold.Quadrature(0.06);
        foreach ((QuadratureBox first, QuadratureBox second) in coarse.Boxes(6).Zip(fine.Boxes(6)))
        {
            Tensor near = coarse.Nodes(first, 0, (int)first.Count).Points, far = fine.Nodes(second, 0, (int)second.Count).Points;
            Assert.InRange(cdist(far, near).min(-1).values.max().item<double>(), 0, 0.2);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        QuadratureRule rule = new Sphere(1).Quadrature(1);
        Assert.Throws<ArgumentOutOfRangeException>("spacing", () => new Sphere(2).Quadrature(0));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => rule.Nodes(rule.Count, 1));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => rule.Nodes(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => rule.Nodes(0, 0));
        Assert.Throws<ArgumentException>("weights", () => new QuadratureAxis([1.0], [0.0]));
    }

    private static (Tensor Points, Tensor Weights) All(QuadratureRule rule) => rule.Nodes(0, (int)rule.Count);
}
