using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// The value of every manifold's projection: on the manifold, nearest, the same in any batch.
/// </summary>
public class ProjectionTests
{
    private static readonly double[] Scales = [0.01, 0.3, 1, 3, 1000];
    private static readonly double[] Moves = [1e-3, 1e-2, 0.1, 0.5];

    public static TheoryData<string, ScalarType> Cases => Examples.AllInBothPrecisions;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_satisfy_the_equation_of_the_manifold(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor projected = manifold.Project(Scattered(manifold, generator, dtype));
        Tensor residual = IndependentGeometry.Of(manifold).Residual(projected.to(ScalarType.Float64));
        Assert.InRange(Numeric.Greatest(residual), 0, 100 * Precision(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Projecting_twice_changes_nothing(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor projected = manifold.Project(Scattered(manifold, generator, dtype));
        Assert.InRange(Numeric.Greatest(manifold.Project(projected) - projected), 0, 40 * Precision(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Points_of_the_manifold_stay_where_they_are(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor points = IndependentGeometry.Of(manifold).RandomPoints(200, generator, dtype);
        Assert.InRange(Numeric.Greatest(manifold.Project(points) - points), 0, 40 * Precision(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_other_point_of_the_manifold_is_nearer(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        IndependentGeometry geometry = IndependentGeometry.Of(manifold);
        Tensor x = cat([Scattered(manifold, generator, dtype), SingularPoints(geometry, dtype)], 0);
        Tensor distance = (x - manifold.Project(x)).to(ScalarType.Float64).norm(-1);
        Tensor others = geometry.RandomPoints(1500, generator);
        Tensor nearestOther = cdist(x.to(ScalarType.Float64), others).min(-1).values;
        Assert.InRange(Values(distance - nearestOther).Max(), double.NegativeInfinity, 100 * Precision(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_small_move_along_the_manifold_brings_the_result_nearer(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor x = cat([Scattered(manifold, generator, dtype), SingularPoints(IndependentGeometry.Of(manifold), dtype)], 0)
            .to(ScalarType.Float64);
        Tensor projected = manifold.Project(x.to(dtype)).to(ScalarType.Float64);
        Tensor distance = (x - projected).norm(-1);
        foreach (double size in Moves)
        {
            Tensor noise = randn([20, .. projected.shape], ScalarType.Float64, CPU, generator: generator);
            Tensor moved = manifold.Project(projected + (noise * size));
            Tensor gained = distance - (x - moved).norm(-1);
            Assert.InRange(Values(gained).Max(), double.NegativeInfinity, 100 * Precision(dtype));
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_batch_shape_gives_what_the_points_give_one_by_one(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        long n = manifold.AmbientDimension;
        foreach (long[] shape in new long[][] { [n], [0, n], [1, n], [5, n], [2, 3, n], [2, 0, n] })
        {
            Tensor x = randn(shape, dtype, CPU, generator: generator);
            Tensor projected = manifold.Project(x);
            Assert.Equal(shape, projected.shape);
            Assert.Equal(dtype, projected.dtype);
            Tensor rows = x.reshape(-1, n), results = projected.reshape(-1, n);
            for (long i = 0; i < rows.size(0); i++)
            {
                Assert.InRange(Numeric.Greatest(manifold.Project(rows[i]) - results[i]), 0, 4 * Precision(dtype));
            }
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_a_strided_tensor_are_projected_as_rows(string id, ScalarType dtype) => Replay.Seeds(generator =>
    {
        IManifold manifold = ManifoldCatalogue.Parse(id);
        Tensor columns = randn([manifold.AmbientDimension, 7], dtype, CPU, generator: generator);
        Tensor strided = columns.t();
        Assert.InRange(Numeric.Greatest(manifold.Project(strided) - manifold.Project(strided.contiguous())), 0, 4 * Precision(dtype));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Singular_points_are_projected_onto_the_manifold(string id, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        IManifold manifold = ManifoldCatalogue.Parse(id);
        IndependentGeometry geometry = IndependentGeometry.Of(manifold);
        Tensor projected = manifold.Project(SingularPoints(geometry, dtype));
        Assert.InRange(Numeric.Greatest(geometry.Residual(projected.to(ScalarType.Float64))), 0, 100 * Precision(dtype));
    }

    /// <summary>Points of R^n near and far from the origin and from M.</summary>
    private static Tensor Scattered(IManifold manifold, Generator generator, ScalarType dtype)
    {
        Tensor[] scales = [.. Scales.Select(scale => randn([60, manifold.AmbientDimension], dtype, CPU, generator: generator) * scale)];
        // At a distance of a thousand, float32 has no digits left to tell which point is nearer.
        return cat(dtype == ScalarType.Float32 ? scales[..4] : scales, 0);
    }

    private static Tensor SingularPoints(IndependentGeometry geometry, ScalarType dtype) =>
        stack([.. geometry.Singular.Select(point => tensor(point))], 0).to(dtype);

    private static double[] Values(Tensor tensor) => Numeric.Values(tensor);

    private static double Precision(ScalarType dtype) => dtype == ScalarType.Float32 ? 1.2e-7 : 2.3e-16 * 1000;
}
