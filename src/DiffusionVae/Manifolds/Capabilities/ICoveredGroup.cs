namespace DiffusionVae.Manifolds;

/// <summary>
/// A Lie group with a bi-invariant metric, and a simpler manifold that covers it. Brownian motion from p is
/// then p times Brownian motion from the identity, and that is the image of Brownian motion on the cover.
/// </summary>
internal interface ICoveredGroup : IManifold
{
    /// <summary>The covering group.</summary>
    IManifold Cover { get; }

    /// <summary>
    /// How much longer Brownian motion takes here than on the cover: the square of the ratio of lengths.
    /// </summary>
    double TimeRatio { get; }

    /// <summary>The identity of the cover, n numbers.</summary>
    ReadOnlySpan<float> Identity { get; }

    /// <summary>p times what an element of the cover stands for.</summary>
    /// <param name="points">p, points of the group, [..., n].</param>
    /// <param name="elements">Points of the cover, [..., n of the cover].</param>
    Tensor Multiply(Tensor points, Tensor elements);
}
