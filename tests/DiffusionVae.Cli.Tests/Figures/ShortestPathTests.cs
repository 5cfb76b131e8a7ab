using DiffusionVae.Cli.Figures;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Tests;

[Collection(InProcess.Name)]
public class ShortestPathTests
{
    private const int Steps = 11;
    private const int Paths = 20;

    [Fact]
    public void On_the_ring_torus_paths_are_as_long_as_the_distance_and_turn_with_the_surface_alone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var torus = new EmbeddedTorus();
        Tensor from = torus.SampleUniform(Paths, generator, ScalarType.Float64),
            to = torus.SampleUniform(Paths, generator, ScalarType.Float64);
        Tensor path = ShortestPaths.Between(torus, from, to, Steps);
        Assert.Equal([Paths, Steps, 3], path.shape);
        Assert.Equal(0, Greatest(path[.., 0] - from) + Greatest(path[.., Steps - 1] - to), 1e-12);
        Assert.Equal(0, Greatest(torus.Project(path) - path), 1e-9);

        // Both are read from a table of distances right to about 1%; where two paths are as good, either may
        // be taken.
        Tensor length = torus.Distance(path[.., ..^1], path[.., 1..]).sum([1, 2]), distance = torus.Distance(from, to).squeeze(-1);
        Assert.InRange(Greatest((length / distance) - 1), 0, 0.03);

        // A curve is a geodesic if its acceleration is normal to the surface.
        Tensor middle = path[.., 1..^1], acceleration = path[.., ..^2] + path[.., 2..] - (2 * middle);
        Tensor tangential = torus.Frame(middle).matmul(acceleration.unsqueeze(-1)).squeeze(-1);
        Assert.InRange(Greatest(tangential / distance.view(-1, 1, 1)), 0, 0.002);
    }

    [Fact]
    public void On_the_sphere_they_are_arcs_of_great_circles()
    {
        using var scope = NewDisposeScope();
        Tensor path = ShortestPaths.Between(new Sphere(2), tensor(new double[,] { { 1, 0, 0 } }), tensor(new double[,] { { 0, 1, 0 } }), 3);
        Assert.Equal(0, Greatest(path - tensor(new[,,] { { { 1, 0, 0 }, { Math.Sqrt(0.5), Math.Sqrt(0.5), 0 }, { 0, 1, 0 } } })), 1e-12);
    }

    private static double Greatest(Tensor values) => values.abs().max().item<double>();
}
