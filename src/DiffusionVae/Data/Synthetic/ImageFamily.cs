using DiffusionVae.Manifolds;

namespace DiffusionVae.Data;

/// <summary>Images that are a smooth function of a point of a closed manifold, their true factor.</summary>
/// <remarks>
/// <para>
/// A user-defined family derives from this class and implements <see cref="Render"/>. <see cref="Sample"/>
/// then makes data sets whose true factors are known, and <c>Topology.Measure</c> judges whether an encoder
/// captures the manifold of factors.
/// </para>
/// <para>
/// Render is called with points of any number and order, from <see cref="Sample"/> and by the search for
/// tears: it must be a function of the point alone, without randomness, and continuous. Pixels should lie in
/// [0, 1] if a Bernoulli likelihood is to be used.
/// </para>
/// <para>
/// Tensors returned are new and belong to the caller's dispose scope. A family computes on the device of its
/// arguments.
/// </para>
/// </remarks>
public abstract class ImageFamily
{
    private const int RowsAtOnce = 1024;

    /// <summary>For derived classes.</summary>
    /// <param name="manifold">The manifold of true factors.</param>
    /// <param name="shape">The shape of the images.</param>
    protected ImageFamily(IClosedManifold manifold, ObservationShape shape)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        ArgumentNullException.ThrowIfNull(shape);
        (Manifold, Shape) = (manifold, shape);
    }

    /// <summary>The manifold of true factors.</summary>
    public IClosedManifold Manifold { get; }

    /// <summary>
    /// The names of the factors; see <see cref="GenerativeFactors.Names"/>. By default they have none.
    /// </summary>
    public virtual IReadOnlyList<string> FactorNames => [];

    /// <summary>The shape of the images.</summary>
    public ObservationShape Shape { get; }

    /// <summary>The id of the likelihood that suits the images: by default <c>gaussian</c>, of variance
    /// 1.</summary>
    public virtual string Likelihood => "gaussian";

    /// <summary>
    /// A bound on the change of an image, in Euclidean length, for each unit of geodesic distance on
    /// <see cref="Manifold"/>. Null (the default) where none is known. With it <c>Topology</c> may prove that
    /// an encoder is continuous.
    /// </summary>
    public virtual double? LipschitzConstant => null;

    /// <summary>Renders the images of points.</summary>
    /// <param name="points">Points of <see cref="Manifold"/>, [count, n], of type float32 or float64.</param>
    /// <returns>[count, pixels], of the same type, in the order of
    /// <see cref="ObservationShape"/>.</returns>
    public abstract Tensor Render(Tensor points);

    /// <summary>Makes a set of images of points drawn uniformly.</summary>
    /// <param name="name">The name of the set.</param>
    /// <param name="count">The number of images, at least 1.</param>
    /// <param name="generator">The source of the draws.</param>
    /// <param name="renewed">
    /// Whether training draws other images of the family in every epoch; see
    /// <see cref="ImageSet.RenewedFrom"/>.
    /// </param>
    /// <returns>The set, with its factors; owned by the caller.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Render"/> returned another shape than [count, pixels].
    /// </exception>
    public ImageSet Sample(string name, long count, Generator generator, bool renewed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor points = Manifold.SampleUniform(count, generator);
        Tensor pixels = torch.empty([count, Shape.Size], points.dtype, points.device);
        for (long start = 0; start < count; start += RowsAtOnce)
        {
            using var piece = torch.NewDisposeScope();
            long rows = Math.Min(RowsAtOnce, count - start);
            pixels.narrow(0, start, rows).copy_(Rendered(points.narrow(0, start, rows)));
        }
        var factors = new GenerativeFactors(Manifold, points) { Names = FactorNames };
        return new ImageSet(name, pixels, Shape, factors: factors, renewedFrom: renewed ? this : null);
    }

    private Tensor Rendered(Tensor points)
    {
        Tensor images = Render(points);
        return images.shape is [long rows, long pixels] && rows == points.size(0) && pixels == Shape.Size
            ? images
            : throw new InvalidOperationException(
                Invariant($"The family rendered {points.size(0)} points as a tensor of shape [{string.Join(", ", images.shape)}]; ")
                + Invariant($"it must be [{points.size(0)}, {Shape.Size}], as its images have {Shape.Size} pixels."));
    }
}
