using DiffusionVae.Manifolds;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Manifolds;

/// <summary>
/// How a manifold bends in R^n, from its projection alone: on tangent vectors D²P is the second fundamental
/// form.
/// </summary>
internal static class SecondFundamentalForm
{
    /// <summary>[b, n, d]: an orthonormal basis of each tangent space, the range of DP.</summary>
    public static Tensor TangentFrame(IManifold manifold, Tensor points)
    {
        (_, Tensor vectors) = linalg.eigh(Numeric.Jacobian(manifold.Project, points));
        return vectors.narrow(-1, manifold.AmbientDimension - manifold.Dimension, manifold.Dimension);
    }

    /// <summary>II(v, v), [b, n].</summary>
    public static Tensor Along(IManifold manifold, Tensor points, Tensor direction) => Numeric.Second(manifold.Project, points, direction);

    /// <summary>H = Σ II(e_i, e_i), [b, n]: the Laplacian of the coordinates.</summary>
    public static Tensor MeanCurvature(IManifold manifold, Tensor points)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = zeros_like(points);
        foreach (Tensor direction in TangentFrame(manifold, points).unbind(-1))
        {
            sum += Along(manifold, points, direction);
        }
        return sum.MoveToOuterDisposeScope();
    }
}
