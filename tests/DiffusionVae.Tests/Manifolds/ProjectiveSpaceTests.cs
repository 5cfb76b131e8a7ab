using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>Manifolds of which each point has two representatives: nothing tells these apart.</summary>
public class ProjectiveSpaceTests
{
    private static readonly double[] Offsets = [1, 1e-2, 1e-4, 1e-6];

    public static TheoryData<string> Antipodal => Examples.Antipodal;

    [Theory]
    [MemberData(nameof(Antipodal))]
    public void Features_are_the_same_for_both_representatives_to_the_last_bit(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IAntipodalManifold)ManifoldCatalogue.Parse(id);
        Tensor p = IndependentGeometry.Of(manifold).RandomPoints(100, generator, ScalarType.Float32);
        Tensor features = manifold.Features(p);
        Assert.Equal([100, manifold.FeatureDimension], features.shape);
        Assert.Equal(Numeric.Values(features), Numeric.Values(manifold.Features(manifold.Antipode(p))));
    });

    [Theory]
    [MemberData(nameof(Antipodal))]
    public void The_antipode_of_the_antipode_is_the_point(string id) => Replay.Seeds(generator =>
    {
        var manifold = (IAntipodalManifold)ManifoldCatalogue.Parse(id);
        Tensor p = IndependentGeometry.Of(manifold).RandomPoints(100, generator);
        Assert.Equal(Numeric.Values(p), Numeric.Values(manifold.Antipode(manifold.Antipode(p))));
        Assert.NotEqual(Numeric.Values(p), Numeric.Values(manifold.Antipode(p)));
        Assert.InRange(Numeric.Greatest(IndependentGeometry.Of(manifold).Residual(manifold.Antipode(p))), 0, 1e-14);
    });

    /// <summary>
    /// |p pᵀ - q qᵀ| = √2 sin of the distance: zero for the same point alone, and an isometry up to √2 for
    /// near ones.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Features_embed_by_the_sine_of_the_distance(int dimension) => Replay.Seeds(generator =>
    {
        var projective = new ProjectiveSpace(dimension);
        IndependentGeometry geometry = IndependentGeometry.Of(projective);
        Tensor p = geometry.RandomPoints(100, generator), q = geometry.RandomPoints(100, generator);
        Tensor chord = (projective.Features(p) - projective.Features(q)).norm(-1, keepdim: true);
        Assert.InRange(Numeric.Greatest(chord - (projective.Distance(p, q).sin() * Math.Sqrt(2))), 0, 1e-13);
    });

    [Theory]
    [InlineData(ScalarType.Float32, 0)]
    [InlineData(ScalarType.Float64, 0)]
    public void Distance_and_Log_do_not_depend_on_the_representative_of_the_other_point(ScalarType dtype, double tolerance) =>
        Replay.Seeds(generator =>
    {
        var projective = new ProjectiveSpace(2);
        Tensor p = IndependentGeometry.Of(projective).RandomPoints(100, generator, dtype);
        foreach (double beside in Offsets)
        {
            Tensor q = projective.Project(p + (randn(p.shape, dtype, CPU, generator: generator) * beside));
            Assert.InRange(Numeric.Greatest(projective.Distance(p, q) - projective.Distance(p, -q)), 0, tolerance);
            Assert.InRange(Numeric.Greatest(projective.Distance(p, q) - projective.Distance(-p, q)), 0, tolerance);
            Assert.InRange(Numeric.Greatest(projective.Log(p, q) - projective.Log(p, -q)), 0, tolerance);
        }
    });
}
