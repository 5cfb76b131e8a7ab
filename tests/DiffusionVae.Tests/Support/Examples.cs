using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests;

/// <summary>The manifolds of the catalogue as test data: what is added there is tested here.</summary>
public static class Examples
{
    /// <summary>
    /// Several factors, among them two that identify antipodes, and one that is not closed.
    /// </summary>
    public static IReadOnlyList<string> Products { get; } =
        ["sphere:2*torus:1", "euclidean:2*so3", "projective:2*projective:1", "torus:1*torus:1*sphere:3"];

    public static TheoryData<string> All => [.. ManifoldCatalogue.Examples];

    public static TheoryData<string> AllAndProducts => [.. ManifoldCatalogue.Examples, .. Products];

    public static TheoryData<string> Closed => OfType<IClosedManifold>();

    public static TheoryData<string> ClosedWithoutAntipodes =>
        Where(manifold => manifold is IClosedManifold and not IAntipodalManifold);

    public static TheoryData<string> Geodesic => OfType<IGeodesicManifold>();

    public static TheoryData<string> Antipodal => OfType<IAntipodalManifold>();

    /// <summary>Where -p is a point as well, as far from p as any.</summary>
    public static TheoryData<string> WithAntipodes => Where(manifold => manifold is Sphere or FlatTorus);

    public static TheoryData<string> WithHeatKernel => Where(manifold => manifold is IHeatKernelManifold { HasHeatKernel: true });

    public static TheoryData<string, ScalarType> AllInBothPrecisions => InBothPrecisions(All);

    public static TheoryData<string, ScalarType> GeodesicInBothPrecisions => InBothPrecisions(Geodesic);

    private static TheoryData<string> OfType<T>() => Where(manifold => manifold is T);

    private static TheoryData<string> Where(Func<IManifold, bool> condition) =>
        [.. ManifoldCatalogue.Examples.Where(id => condition(ManifoldCatalogue.Parse(id)))];

    private static TheoryData<string, ScalarType> InBothPrecisions(TheoryData<string> ids)
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            foreach (string id in ids)
            {
                data.Add(id, dtype);
            }
        }
        return data;
    }
}
