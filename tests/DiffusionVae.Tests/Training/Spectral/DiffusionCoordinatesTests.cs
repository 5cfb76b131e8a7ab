using DiffusionVae.Manifolds;
using DiffusionVae.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training.Spectral;

/// <summary>The coordinates are eigenfunctions of the Laplacian, which are known of a circle, a sphere and
/// the rotations.</summary>
public class DiffusionCoordinatesTests
{
    [Fact]
    public void On_a_circle_they_are_its_waves_in_their_order()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = ShapePoints.Circle(800, 0), angle = atan2(points.select(1, 1), points.select(1, 0));
        Tensor coordinates = ShapePoints.Coordinates(points, 4);
        for (int wave = 1; wave <= 2; wave++)
        {
            Tensor waves = stack([(angle * wave).cos(), (angle * wave).sin()], -1);
            Assert.InRange(ShapePoints.Explained(waves, coordinates.narrow(1, 2 * (wave - 1), 2)), 0.98, 1);
        }
    }

    [Fact]
    public void On_a_sphere_they_are_its_harmonics_by_degree()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = ShapePoints.Uniform(new Sphere(2), 3000, 0), coordinates = ShapePoints.Coordinates(points, 8);
        Assert.InRange(ShapePoints.Explained(points, coordinates.narrow(1, 0, 3)), 0.98, 1);
        Tensor x = points.select(1, 0), y = points.select(1, 1), z = points.select(1, 2);
        Tensor second = stack([x * y, y * z, z * x, x.square() - y.square(), (3 * z.square()) - 1], -1);
        Assert.InRange(ShapePoints.Explained(second, coordinates.narrow(1, 3, 5)), 0.95, 1);
    }

    [Fact]
    public void Of_rotations_they_are_the_entries_of_the_matrices()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = ShapePoints.Uniform(new RotationGroup(), 3000, 0);
        Assert.InRange(ShapePoints.Explained(points, ShapePoints.Coordinates(points, 9)), 0.95, 1);
    }

    [Fact]
    public void The_eigenvectors_are_those_of_the_whole_matrix()
    {
        using DisposeScope scope = NewDisposeScope();
        using var serial = new SerialScope();
        var diffusion = new DiffusionOperator(
            NeighbourGraph.Create(ShapePoints.Uniform(new Sphere(2), 300, 0), 6, serial), serial);
        Tensor matrix = diffusion.Apply(eye(300));
        Assert.True(matrix.allclose(matrix.t(), 0, 1e-6));
        (Tensor values, Tensor vectors) = linalg.eigh(matrix.to(float64));
        Assert.InRange(values.max().item<double>(), 1 - 1e-5, 1 + 1e-5); // a random walk ends nowhere
        Tensor found = DiffusionCoordinates.LeadingEigenvectors(diffusion, 9, new Generator(0)).to(float64);
        // The part of each that is not in the space of the nine: a settled value is exact to 1%, and errors
        // of vectors are roots of those of values.
        Tensor expected = vectors.narrow(1, 291, 9);
        Tensor missed = found - expected.matmul(expected.t().matmul(found));
        Assert.InRange(missed.square().sum([0]).sqrt().max().item<double>(), 0, 0.1);
        Tensor quotients = (found * matrix.to(float64).matmul(found)).sum([0]);
        Assert.True(quotients.allclose(values.narrow(0, 291, 9).flip(0), 0, 1e-3));
    }
}
