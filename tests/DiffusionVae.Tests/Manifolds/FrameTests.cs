using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Frames of tangent spaces, distances and diameters of every manifold that has them.</summary>
public class FrameTests
{
    private const int Count = 300;

    public static TheoryData<string> Framed => [.. ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IFramedManifold)];

    public static TheoryData<string> Metric =>
        [.. ManifoldCatalogue.Examples.Where(id => ManifoldCatalogue.Parse(id) is IMetricManifold and IClosedManifold)];

    [Theory]
    [MemberData(nameof(Framed))]
    public void Frames_are_orthonormal_and_tangent(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IFramedManifold)ManifoldCatalogue.Parse(id);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(Count, generator, ScalarType.Float64);
        Tensor frame = manifold.Frame(points);
        Assert.Equal([Count, manifold.Dimension, manifold.AmbientDimension], frame.shape);
        Assert.InRange(
            Numeric.Greatest(frame.matmul(frame.transpose(-2, -1)) - torch.eye(manifold.Dimension, dtype: ScalarType.Float64)), 0, 1e-12);
        // To first order a step along a tangent vector stays on M; one across would be undone by the
        // projection.
        const double step = 1e-4;
        Tensor moved = points.unsqueeze(-2) + (frame * step);
        Assert.InRange(Numeric.Greatest(manifold.Project(moved) - moved), 0, 10 * step * step);
    });

    [Theory]
    [MemberData(nameof(Framed))]
    public void Frames_of_near_points_have_the_same_orientation_where_there_is_one(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IFramedManifold)ManifoldCatalogue.Parse(id);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(Count, generator, ScalarType.Float64);
        Tensor near = manifold.Project(points + (0.1 * torch.randn(points.shape, ScalarType.Float64, generator: generator)));
        if (manifold is IAntipodalManifold antipodal)
        {
            // The same point of M by its other coordinates: tangent vectors change sign with them.
            Tensor other = -manifold.Frame(antipodal.Antipode(points));
            Tensor same = torch.linalg.det(other.matmul(manifold.Frame(points).transpose(-2, -1)));
            Assert.Equal(manifold.IsOrientable, same.gt(0).all().item<bool>());
            return;
        }
        Assert.True(manifold.IsOrientable);
        Assert.True(torch.linalg.det(manifold.Frame(points).matmul(manifold.Frame(near).transpose(-2, -1))).gt(0).all().item<bool>());
    });

    [Theory]
    [MemberData(nameof(Metric))]
    public void No_distance_exceeds_the_diameter_and_some_come_near_it(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IMetricManifold)ManifoldCatalogue.Parse(id);
        Tensor p = ((IClosedManifold)manifold).SampleUniform(Count, generator);
        double greatest = Enumerable.Range(0, 60)
            .Max(_ => manifold.Distance(p, ((IClosedManifold)manifold).SampleUniform(Count, generator)).max().ToDouble());
        Assert.InRange(greatest, 0.7 * manifold.Diameter, manifold.Diameter * (1 + 1e-6));
    });

    /// <summary>
    /// Meridians are geodesics, and so are the equators; a path that leaves the outer equator may be shorter
    /// than it.
    /// </summary>
    [Theory]
    [InlineData(3, 0.6)]
    [InlineData(2, 1)]
    public void On_the_ring_torus_distances_are_those_of_known_geodesics(double coreRadius, double tubeRadius)
    {
        var torus = new EmbeddedTorus(coreRadius, tubeRadius);
        double Between(double u, double v, double toU, double toV) =>
            torus.Distance(torus.FromAngles(torch.tensor(new[] { u, v })), torus.FromAngles(torch.tensor(new[] { toU, toV })))
                .item<double>();
        foreach (double u in new[] { 0.0, 0.7, 2.5 })
        {
            foreach (double step in new[] { 0.05, 0.4, 1.3, 3.1 })
            {
                Assert.Equal(tubeRadius * step, Between(u, 1, u + step, 1), 0.01 * tubeRadius * step);
            }
        }
        foreach (double step in new[] { 0.02, 0.3, 1.5, 3 })
        {
            double inner = (coreRadius - tubeRadius) * step;
            Assert.Equal(inner, Between(Math.PI, 0.4, Math.PI, 0.4 + step), 0.01 * inner);
            Assert.InRange(Between(0, 0.4, 0, 0.4 + step), inner, (coreRadius + tubeRadius) * step * 1.0001);
        }
    }

    /// <summary>
    /// A shot geodesic, by Clairaut's relation and a fine integration, is as long as the distance of its ends
    /// as long as it is short.
    /// </summary>
    [Fact]
    public void On_the_ring_torus_a_short_geodesic_is_the_shortest_path()
    {
        const double coreRadius = 3, tubeRadius = 0.6;
        var torus = new EmbeddedTorus(coreRadius, tubeRadius);
        foreach (double direction in new[] { 0.2, 0.6, 1.0, 1.4, 2.2, 2.9 })
        {
            foreach (double start in new[] { 0.0, 1.0, 2.0, 3.0 })
            {
                (double u, double v) = (start, 0.0);
                double clairaut = (coreRadius + (tubeRadius * Math.Cos(start))) * Math.Sin(direction);
                double slope = Math.Cos(direction) / tubeRadius;
                const int steps = 4000;
                const double length = 0.9;
                for (int i = 0; i < steps; i++)
                {
                    double ds = length / steps;
                    // The midpoint rule for u'' = -sin u c² / (r ρ³), v' = c / ρ².
                    double middle = u + (slope * ds / 2), rho = coreRadius + (tubeRadius * Math.Cos(middle));
                    v += clairaut / (rho * rho) * ds;
                    double bend = -Math.Sin(middle) * clairaut * clairaut / (tubeRadius * rho * rho * rho);
                    u += (slope + (bend * ds / 2)) * ds;
                    slope += bend * ds;
                }
                double distance = torus.Distance(
                    torus.FromAngles(torch.tensor(new[] { start, 0.0 })), torus.FromAngles(torch.tensor(new[] { u, v }))).item<double>();
                Assert.Equal(length, distance, 0.01 * length);
            }
        }
    }
}
