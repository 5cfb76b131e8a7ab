using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>Images that are a smooth function of a point of a closed manifold, their true factor.</summary>
/// <remarks>Tensors returned are new and belong to the caller's dispose scope. Not tied to a device: it computes where its arguments are.</remarks>
public abstract class ImageFamily
{
    private const int RowsAtOnce = 1024;

    private protected ImageFamily(IClosedManifold manifold, ImageSize size) => (Manifold, Size) = (manifold, size);

    /// <summary>The manifold of true factors.</summary>
    public IClosedManifold Manifold { get; }

    /// <summary>What the factors are called; see <see cref="GenerativeFactors.Names"/>.</summary>
    public abstract IReadOnlyList<string> FactorNames { get; }

    /// <summary>The size of the images.</summary>
    public ImageSize Size { get; }

    /// <summary>
    /// How much an image can change in Euclidean length for each unit of geodesic distance on <see cref="Manifold"/>; null where no bound is known.
    /// </summary>
    public virtual double? LipschitzConstant => null;

    /// <summary>The images of points.</summary>
    /// <param name="points">Points of <see cref="Manifold"/>, [count, n], of type float32 or float64.</param>
    /// <returns>[count, pixels], of the same type.</returns>
    public abstract Tensor Render(Tensor points);

    /// <summary>Images of points drawn uniformly.</summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of the draws.</param>
    /// <param name="renewed">Whether training is to draw other images of the family in every epoch; see <see cref="ImageSet.RenewedFrom"/>.</param>
    /// <returns>The set, with its factors; owned by the caller.</returns>
    public ImageSet Sample(string name, long count, Generator generator, bool renewed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor points = Manifold.SampleUniform(count, generator);
        Tensor pixels = torch.empty([count, Size.Pixels], points.dtype, points.device);
        for (long start = 0; start < count; start += RowsAtOnce)
        {
            using var piece = torch.NewDisposeScope();
            long rows = Math.Min(RowsAtOnce, count - start);
            pixels.narrow(0, start, rows).copy_(Render(points.narrow(0, start, rows)));
        }
        return new ImageSet(name, pixels, Size.Height, Size.Width, factors: new GenerativeFactors(Manifold, points) { Names = FactorNames }, renewedFrom: renewed ? this : null);
    }
}
