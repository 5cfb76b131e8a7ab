using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training.Spectral;

public class NeighbourGraphTests
{
    private static readonly int[] Steps = [-2, -1, 1, 2];

    [Fact]
    public void Points_on_a_circle_are_joined_to_the_nearest_on_both_sides()
    {
        using DisposeScope scope = NewDisposeScope();
        NeighbourGraph graph = Create(Circle(100), 4);
        for (int i = 0; i < 100; i++)
        {
            int[] expected = [.. Steps.Select(step => (i + step + 100) % 100).Order()];
            Assert.Equal(expected, graph.Targets[graph.Offsets[i]..graph.Offsets[i + 1]]);
        }
        // The farthest of the four is as far as the scale: its weight is 1/e. Half as far, e^(-1/4), but for
        // the chord.
        float[] weights = graph.Weights[graph.Offsets[50]..graph.Offsets[51]];
        Assert.Equal([Math.Exp(-1), Math.Exp(-0.25), Math.Exp(-0.25), Math.Exp(-1)], weights.Select(weight => (double)weight), Near(1e-3));
        Assert.True(graph.IsConnected());
    }

    [Fact]
    public void An_edge_has_the_same_weight_from_both_ends()
    {
        using DisposeScope scope = NewDisposeScope();
        NeighbourGraph graph = Create(randn([700, 3], generator: new Generator(0)), 5);
        var edges = new Dictionary<(int, int), float>();
        for (int i = 0; i < graph.Count; i++)
        {
            for (int e = graph.Offsets[i]; e < graph.Offsets[i + 1]; e++)
            {
                edges.Add((i, graph.Targets[e]), graph.Weights[e]);
            }
        }
        Assert.All(edges, edge => Assert.Equal(edge.Value, edges[(edge.Key.Item2, edge.Key.Item1)]));
        Assert.DoesNotContain(edges.Keys, edge => edge.Item1 == edge.Item2);
    }

    [Fact]
    public void Each_point_has_its_nearest_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = randn([600, 3], generator: new Generator(0));
        NeighbourGraph graph = Create(points, 5);
        long[] nearest = [.. cdist(points, points).topk(6, 1, largest: false).indexes.data<long>()]; // itself first
        for (int i = 0; i < graph.Count; i++)
        {
            int[] found = graph.Targets[graph.Offsets[i]..graph.Offsets[i + 1]];
            Assert.Empty(nearest[((6 * i) + 1)..(6 * (i + 1))].Except(found.Select(target => (long)target)));
        }
    }

    [Fact]
    public void Two_heaps_are_not_connected_and_equal_points_are_no_fault()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor heap = randn([50, 2], generator: new Generator(0));
        Assert.False(Create(cat([heap, heap + 100]), 4).IsConnected());
        NeighbourGraph equal = Create(ones(20, 3), 4);
        Assert.All(equal.Weights, weight => Assert.Equal(1, weight));
        NeighbourGraph few = Create(randn([3, 2], generator: new Generator(0)), 6);
        Assert.Equal(6, few.Targets.Length);
    }

    private static Tensor Circle(int count)
    {
        Tensor angles = arange(count, dtype: float32) * (2 * Math.PI / count);
        return stack([angles.cos(), angles.sin()], -1);
    }

    private static NeighbourGraph Create(Tensor points, int neighbours)
    {
        using var serial = new SerialScope();
        return NeighbourGraph.Create(points, neighbours, serial);
    }

    private static IEqualityComparer<double> Near(double tolerance) =>
        EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance, _ => 0);
}
