using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>The Klein bottle: its coordinates and its projection.</summary>
public class KleinBottleTests
{
    [Fact]
    public void The_Klein_bottle_is_turned_over_after_one_turn()
    {
        using DisposeScope scope = NewDisposeScope();
        var bottle = new KleinBottle();
        Tensor start = tensor(new[,] { { 0.4, 1.1 }, { -3.0, 2 } });
        Tensor turned = (start * tensor(new[] { 1.0, -1 })) + tensor(new[] { 2 * Math.PI, 0 });
        Assert.InRange(Numeric.Greatest(bottle.FromAngles(turned) - bottle.FromAngles(start)), 0, 1e-14);
        Assert.InRange(Numeric.Greatest(bottle.ToAngles(bottle.FromAngles(turned)) - start), 0, 1e-14);
    }

    /// <summary>
    /// Far away, where several points compete, and of every shape: a slender bottle and one that nearly
    /// closes its hole.
    /// </summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0.05)]
    [InlineData(1, 0.99)]
    public void No_point_of_a_fine_grid_is_nearer_than_the_projection_onto_the_Klein_bottle(double core, double tube) =>
        Replay.Seeds(generator =>
    {
        const int side = 200;
        var bottle = new KleinBottle(core, tube);
        Tensor turn = linspace(-Math.PI, Math.PI, side, ScalarType.Float64);
        Tensor grid = bottle.FromAngles(stack([.. meshgrid([turn, turn], indexing: "ij")], -1).view(-1, 2));
        foreach (double scale in new[] { 0.3, 1, 10 })
        {
            Tensor x = randn([100, 4], ScalarType.Float64, CPU, generator: generator) * scale;
            Tensor excess = (bottle.Project(x) - x).square().sum(-1).sqrt() - cdist(x, grid).min(1).values;
            Assert.InRange(excess.max().item<double>(), double.NegativeInfinity, 1e-12 * scale);
        }
    }, count: 1);
}
