namespace DiffusionVae.Data;

/// <summary>
/// Observations of one shape, images or vectors, one a row, with their labels and generative factors if they
/// have any.
/// </summary>
/// <remarks>The set owns its tensors; no dispose scope does. Do not write to them.</remarks>
/// <threadsafety>
/// Safe to read from several threads. Do not dispose the set while another thread reads it.
/// </threadsafety>
public sealed class ImageSet : IDisposable
{
    /// <summary>Copies observations whose tensor tells their shape.</summary>
    /// <param name="name">The name of the set in messages and reports.</param>
    /// <param name="images">
    /// Vectors, [count, features], grey images, [count, height, width], or images with 1 or 3 channels,
    /// [count, channels, height, width]: finite values of type float32 or float64. Pixels may also be values
    /// 0 to 255 of type uint8, which are stored as 0 to 1, and features integers of any type. The tensor is
    /// copied.
    /// </param>
    /// <param name="labels">Labels, [count], of an integer type; may be null. The tensor is copied.</param>
    /// <param name="factors">The generative factors, a point for each image; may be null. The tensor is
    /// copied.</param>
    /// <exception cref="ArgumentException">A shape, type or value is wrong. The message names it.</exception>
    public ImageSet(string name, Tensor images, Tensor? labels = null, GenerativeFactors? factors = null)
        : this(name, images, ObservationShape.Of(images), labels, factors)
    {
    }

    /// <summary>Copies observations of a given shape.</summary>
    /// <param name="name">The name of the set in messages and reports.</param>
    /// <param name="images">
    /// Rows [count, shape.Size] in the order that <see cref="ObservationShape"/> says, or the same with the
    /// axes of the shape, such as [count, height, width]. Types as above. The tensor is copied.
    /// </param>
    /// <param name="shape">The shape of an observation.</param>
    /// <param name="labels">Labels, [count], of an integer type; may be null. The tensor is copied.</param>
    /// <param name="factors">The generative factors, a point for each image; may be null. The tensor is
    /// copied.</param>
    /// <param name="renewedFrom">See <see cref="RenewedFrom"/>; may be null.</param>
    /// <exception cref="ArgumentException">A shape, type or value is wrong. The message names it.</exception>
    public ImageSet(
        string name,
        Tensor images,
        ObservationShape shape,
        Tensor? labels = null,
        GenerativeFactors? factors = null,
        ImageFamily? renewedFrom = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(shape);
        ImageSetChecks.Shape(images, shape);
        ImageSetChecks.Labels(labels, images.shape[0]);
        ImageSetChecks.Factors(factors, images.shape[0]);
        ImageSetChecks.Family(renewedFrom, shape);
        using var grad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Name = name;
        Shape = shape;
        Tensor rows = images.detach().reshape(images.shape[0], PixelCount);
        Tensor pixels = rows.dtype == ScalarType.Byte && shape.IsImage
            ? rows.to(ScalarType.Float32).div_(byte.MaxValue)
            : rows.to(ScalarType.Float32, copy: true);
        // A copy has the same order of axes in memory as the original.
        pixels = pixels.contiguous();
        ImageSetChecks.Values(pixels, shape);
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels?.detach().to(ScalarType.Int64, copy: true).DetachFromDisposeScope();
        Factors = Owned(factors, points => points.detach().to(ScalarType.Float32, copy: true));
        RenewedFrom = renewedFrom;
    }

    private ImageSet(ImageSet whole, long start, long count, string name)
    {
        Name = name;
        Shape = whole.Shape;
        Pixels = whole.Pixels.narrow(0, start, count).DetachFromDisposeScope();
        Labels = whole.Labels?.narrow(0, start, count).DetachFromDisposeScope();
        LabelNames = whole.LabelNames;
        Factors = Owned(whole.Factors, points => points.narrow(0, start, count));
        RenewedFrom = whole.RenewedFrom;
    }

    private ImageSet(ImageSet like, Tensor pixels, Device device)
    {
        Name = like.Name;
        Shape = like.Shape;
        Pixels = pixels.DetachFromDisposeScope();
        Labels = like.Labels?.to(device).alias().DetachFromDisposeScope();
        LabelNames = like.LabelNames;
        Factors = Owned(like.Factors, points => points.to(device).alias());
        RenewedFrom = like.RenewedFrom;
    }

    /// <summary>The name of the set in messages and reports.</summary>
    public string Name { get; }

    /// <summary>The number of images, at least 1.</summary>
    public long Count => Pixels.shape[0];

    /// <summary>The shape of every observation.</summary>
    public ObservationShape Shape { get; }

    /// <summary>How many numbers an observation has: pixels times channels, or features.</summary>
    public int PixelCount => Shape.Size;

    /// <summary>
    /// The numbers of each observation, [count, <see cref="PixelCount"/>], float32, in the order that
    /// <see cref="ObservationShape"/> says. Values that were bytes of an image are in [0, 1].
    /// </summary>
    public Tensor Pixels { get; }

    /// <summary>The labels, [count], int64; null if there are none.</summary>
    public Tensor? Labels { get; }

    /// <summary>The names of the labels 0, 1, 2, ...; empty if they have none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The generative factors, a point for each image; null if they are unknown.</summary>
    public GenerativeFactors? Factors { get; }

    /// <summary>
    /// The family from which training draws new images in every epoch; null if every epoch uses these images.
    /// </summary>
    public ImageFamily? RenewedFrom { get; }

    /// <summary>
    /// Consecutive images as a new set. It shares memory with this one and stays valid when this one is
    /// disposed.
    /// </summary>
    /// <param name="start">Index of the first image.</param>
    /// <param name="count">The number of images, at least 1.</param>
    /// <param name="name">The name of the slice. The default is the name of the set and the range without its
    /// end: <c>mnist train[50000..60000]</c>.</param>
    /// <returns>The slice, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not within the set.</exception>
    public ImageSet Slice(long start, long count, string? name = null)
    {
        if (start < 0 || start >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, Invariant($"{Name} has images 0 to {Count - 1}"));
        }
        if (count < 1 || count > Count - start)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, Invariant($"{Name} has {Count - start} images from {start} on; at least 1 must be taken"));
        }
        return new ImageSet(this, start, count, name ?? Invariant($"{Name}[{start}..{start + count}]"));
    }

    /// <summary>The same images on a device. If they are already there, both sets share memory.</summary>
    /// <param name="device">The device.</param>
    /// <returns>The set, which the caller disposes.</returns>
    public ImageSet To(Device device)
    {
        using var scope = torch.NewDisposeScope();
        return new ImageSet(this, Pixels.to(device).alias(), device);
    }

    /// <summary>
    /// The same images with pixels 0 and 1. A pixel is 1 with a probability equal to its grey value.
    /// </summary>
    /// <param name="generator">The random generator. The set is on its device.</param>
    /// <returns>The set, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A pixel is not in [0, 1].</exception>
    public ImageSet Binarised(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        Guard.Probabilities(Pixels, Name, "to be binarised");
        using var scope = torch.NewDisposeScope();
        return new ImageSet(this, Binarised(Pixels.to(generator.device), generator), generator.device);
    }

    internal static Tensor Binarised(Tensor pixels, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        Tensor uniform = torch.rand(pixels.shape, pixels.dtype, pixels.device, generator: generator);
        return uniform.lt(pixels).to(pixels.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The name of a label, or the number itself.</summary>
    internal string NameOf(long label) => label >= 0 && label < LabelNames.Count ? LabelNames[(int)label] : Invariant($"{label}");

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels?.Dispose();
        Factors?.Points.Dispose();
    }

    private static GenerativeFactors? Owned(GenerativeFactors? factors, Func<Tensor, Tensor> take) =>
        factors is null
            ? null
            : new GenerativeFactors(factors.Manifold, take(factors.Points).DetachFromDisposeScope()) { Names = factors.Names };
}
