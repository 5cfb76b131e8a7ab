using DiffusionVae.Manifolds;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training.Spectral;

/// <summary>Points on shapes whose eigenfunctions are known, and the coordinates that a graph gives
/// them.</summary>
internal static class ShapePoints
{
    /// <summary>Points on a circle, one at random in each of as many equal arcs, [count, 2].</summary>
    public static Tensor Circle(int count, ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor angles = (arange(count, dtype: float32) + rand([count], generator: new Generator(seed))) * (2 * Math.PI / count);
        return stack([angles.cos(), angles.sin()], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Uniform points on a closed manifold, [count, n].</summary>
    public static Tensor Uniform(IClosedManifold manifold, int count, ulong seed) => manifold.SampleUniform(count, new Generator(seed));

    /// <summary>The diffusion coordinates of points.</summary>
    public static Tensor Coordinates(Tensor points, int most, int neighbours = 8)
    {
        using var serial = new SerialScope();
        var diffusion = new DiffusionOperator(NeighbourGraph.Create(points, neighbours, serial), serial);
        return DiffusionCoordinates.Compute(diffusion, most, new Generator(1));
    }

    /// <summary>The share of the variance of functions, [count, m], that is a linear function of
    /// coordinates.</summary>
    public static double Explained(Tensor functions, Tensor coordinates)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor centred = functions - functions.mean([0]);
        Tensor fitted = coordinates.matmul(linalg.lstsq(coordinates, centred).Solution);
        return 1 - ((centred - fitted).square().sum() / centred.square().sum()).item<float>();
    }
}
