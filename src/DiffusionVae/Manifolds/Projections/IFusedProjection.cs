namespace DiffusionVae.Manifolds;

/// <summary>
/// A projection that can be computed in memory too, row by row: points have few coordinates, and by tensors
/// the time goes into the calls. In double precision.
/// </summary>
internal interface IFusedProjection : IManifold
{
    /// <summary>P(x).</summary>
    /// <param name="x">Points of R^n, one behind the other.</param>
    /// <param name="points">Where the points of M go, of the same length.</param>
    void Project(ReadOnlySpan<double> x, Span<double> points);

    /// <summary>Takes gradients at P(x) back to x: g becomes DP(x)ᵀ g.</summary>
    /// <param name="x">Points of R^n.</param>
    /// <param name="points">P(x).</param>
    /// <param name="gradient">g, changed in place.</param>
    void PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient);
}
