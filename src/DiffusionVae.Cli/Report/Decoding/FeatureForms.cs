using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Report;

/// <summary>
/// What a decoder sees of the points of a manifold, in a form that the page can compute: the point itself, or
/// quadratic forms of it, such as the entries of p pᵀ on projective spaces. Found by looking at
/// <see cref="IManifold.Features"/>, and checked at points of the manifold.
/// </summary>
/// <param name="Count">The number of forms; 0 where the decoder sees the point itself.</param>
/// <param name="Matrices">The symmetric matrices of the forms, one after another.</param>
internal sealed record FeatureForms(int Count, float[] Matrices)
{
    private const int Probes = 64;
    private const double Tolerance = 1e-5;

    /// <summary>The forms of a manifold; null where its features are neither.</summary>
    public static FeatureForms? Of(IManifold manifold)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        int n = manifold.AmbientDimension;
        Tensor points = manifold.Project(randn([Probes, n], ScalarType.Float64, generator: generator));
        Tensor features = manifold.Features(points);
        if (manifold.FeatureDimension == n && IsSmall(features - points))
        {
            return new FeatureForms(0, []);
        }
        // By polarisation: A_ij = (f(e_i + e_j) - f(e_i) - f(e_j)) / 2.
        Tensor basis = eye(n, dtype: ScalarType.Float64), sums = basis.unsqueeze(1) + basis.unsqueeze(0);
        Tensor single = manifold.Features(basis), pair = manifold.Features(sums.view(n * n, n)).view(n, n, -1);
        Tensor matrices = ((pair - single.unsqueeze(1) - single.unsqueeze(0)) / 2).permute(2, 0, 1).contiguous();
        Tensor values = einsum("bi,fij,bj->bf", points, matrices, points);
        return IsSmall(values - features)
            ? new FeatureForms(manifold.FeatureDimension, matrices.to(ScalarType.Float32).data<float>().ToArray())
            : null;
    }

    private static bool IsSmall(Tensor difference) => difference.abs().max().item<double>() < Tolerance;
}
