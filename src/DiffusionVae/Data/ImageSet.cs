namespace DiffusionVae.Data;

/// <summary>
/// Images of one size, one image a row, with their labels and generative factors if they have any.
/// </summary>
/// <remarks>The set owns its tensors; no dispose scope does. Do not write to them.</remarks>
/// <threadsafety>
/// Safe to read from several threads. Do not dispose the set while another thread reads it.
/// </threadsafety>
public sealed class ImageSet : IDisposable
{
    /// <summary>Copies images whose shape tells their size.</summary>
    /// <param name="name">The name of the set in messages and reports.</param>
    /// <param name="images">
    /// Pixels, [count, height, width]: finite values of type float32 or float64, or grey values 0 to 255 of
    /// type uint8, which are stored as 0 to 1. The tensor is copied.
    /// </param>
    /// <param name="labels">Labels, [count], of an integer type; may be null. The tensor is copied.</param>
    /// <param name="factors">The generative factors, a point for each image; may be null. The tensor is
    /// copied.</param>
    /// <exception cref="ArgumentException">A shape, type or value is wrong. The message names it.</exception>
    public ImageSet(string name, Tensor images, Tensor? labels = null, GenerativeFactors? factors = null)
        : this(name, images, ImageSetChecks.SizeOf(images, 1), ImageSetChecks.SizeOf(images, 2), labels, factors)
    {
    }

    /// <summary>Copies images of a given size.</summary>
    /// <param name="name">The name of the set in messages and reports.</param>
    /// <param name="images">
    /// Pixels, [count, height*width] or [count, height, width]: finite values of type float32 or float64, or
    /// grey values 0 to 255 of type uint8, which are stored as 0 to 1. The tensor is copied.
    /// </param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="labels">Labels, [count], of an integer type; may be null. The tensor is copied.</param>
    /// <param name="factors">The generative factors, a point for each image; may be null. The tensor is
    /// copied.</param>
    /// <param name="renewedFrom">See <see cref="RenewedFrom"/>; may be null.</param>
    /// <exception cref="ArgumentException">A shape, type or value is wrong. The message names it.</exception>
    public ImageSet(
        string name,
        Tensor images,
        int height,
        int width,
        Tensor? labels = null,
        GenerativeFactors? factors = null,
        ImageFamily? renewedFrom = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(images);
        ImageSetChecks.Shape(images, height, width);
        ImageSetChecks.Labels(labels, images.shape[0]);
        ImageSetChecks.Factors(factors, images.shape[0]);
        ImageSetChecks.Family(renewedFrom, height, width);
        using var grad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Name = name;
        (Height, Width) = (height, width);
        Tensor rows = images.detach().reshape(images.shape[0], PixelCount);
        Tensor pixels = rows.dtype == ScalarType.Byte
            ? rows.to(ScalarType.Float32).div_(byte.MaxValue)
            : rows.to(ScalarType.Float32, copy: true);
        // A copy has the same order of axes in memory as the original.
        pixels = pixels.contiguous();
        ImageSetChecks.Values(pixels);
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels?.detach().to(ScalarType.Int64, copy: true).DetachFromDisposeScope();
        Factors = Owned(factors, points => points.detach().to(ScalarType.Float32, copy: true));
        RenewedFrom = renewedFrom;
    }

    private ImageSet(ImageSet whole, long start, long count, string name)
    {
        Name = name;
        (Height, Width) = (whole.Height, whole.Width);
        Pixels = whole.Pixels.narrow(0, start, count).DetachFromDisposeScope();
        Labels = whole.Labels?.narrow(0, start, count).DetachFromDisposeScope();
        Factors = Owned(whole.Factors, points => points.narrow(0, start, count));
        RenewedFrom = whole.RenewedFrom;
    }

    private ImageSet(ImageSet like, Tensor pixels, Device device)
    {
        Name = like.Name;
        (Height, Width) = (like.Height, like.Width);
        Pixels = pixels.DetachFromDisposeScope();
        Labels = like.Labels?.to(device).alias().DetachFromDisposeScope();
        Factors = Owned(like.Factors, points => points.to(device).alias());
        RenewedFrom = like.RenewedFrom;
    }

    /// <summary>The name of the set in messages and reports.</summary>
    public string Name { get; }

    /// <summary>The number of images, at least 1.</summary>
    public long Count => Pixels.shape[0];

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The number of pixels of an image, height times width.</summary>
    public int PixelCount => Height * Width;

    /// <summary>The pixels, [count, height*width], float32, row by row; grey values are in [0, 1].</summary>
    public Tensor Pixels { get; }

    /// <summary>The labels, [count], int64; null if there are none.</summary>
    public Tensor? Labels { get; }

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
