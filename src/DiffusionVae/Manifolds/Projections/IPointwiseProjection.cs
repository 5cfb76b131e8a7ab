namespace DiffusionVae.Manifolds;

/// <summary>
/// A fused projection that is computed for one point at a time: the loop over points is written here.
/// </summary>
internal interface IPointwiseProjection : IFusedProjection
{
    /// <summary>P(x).</summary>
    /// <param name="x">One point of R^n.</param>
    /// <param name="point">Receives the point of M.</param>
    void ProjectPoint(ReadOnlySpan<double> x, Span<double> point);

    /// <summary>Takes a gradient at P(x) back to x: g becomes DP(x)ᵀ g.</summary>
    /// <param name="x">One point of R^n.</param>
    /// <param name="point">P(x).</param>
    /// <param name="gradient">g, changed in place.</param>
    void PullBackPoint(ReadOnlySpan<double> x, ReadOnlySpan<double> point, Span<double> gradient);

    void IFusedProjection.Project(ReadOnlySpan<double> x, Span<double> points)
    {
        int n = AmbientDimension;
        for (int at = 0; at < x.Length; at += n)
        {
            ProjectPoint(x.Slice(at, n), points.Slice(at, n));
        }
    }

    void IFusedProjection.PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> points, Span<double> gradient)
    {
        int n = AmbientDimension;
        for (int at = 0; at < x.Length; at += n)
        {
            PullBackPoint(x.Slice(at, n), points.Slice(at, n), gradient.Slice(at, n));
        }
    }
}
