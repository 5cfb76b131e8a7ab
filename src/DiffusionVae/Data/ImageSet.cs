using DiffusionVae.Models;

namespace DiffusionVae.Data;

/// <summary>Images of one size, one a row, with their labels and true factors if they have any.</summary>
/// <remarks>The set owns its tensors and no dispose scope does; they are not to be written to. Not safe to dispose while another thread reads it.</remarks>
public sealed class ImageSet : IDisposable
{
    /// <summary>Copies images whose shape tells their size.</summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="images">Shape [count, height, width]; finite values if of type float32 or float64, grey values 0 to 255 (stored as 0 to 1) if uint8. Copied; the caller keeps the tensor.</param>
    /// <param name="labels">Shape [count], of an integer type; or null. Copied.</param>
    /// <param name="factors">What the images truly depend on, a point for each; or null. Copied.</param>
    /// <exception cref="ArgumentException">A shape, type or value is not as said; the message names it.</exception>
    public ImageSet(string name, Tensor images, Tensor? labels = null, GenerativeFactors? factors = null)
        : this(name, images, SizeOf(images, 1), SizeOf(images, 2), labels, factors)
    {
    }

    /// <summary>Copies images of a given size.</summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="images">
    /// Shape [count, height*width] or [count, height, width]; finite values if of type float32 or float64, grey values 0 to 255 (stored as 0 to 1) if uint8. Copied; the caller keeps the tensor.
    /// </param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="labels">Shape [count], of an integer type; or null. Copied.</param>
    /// <param name="factors">What the images truly depend on, a point for each; or null. Copied.</param>
    /// <param name="renewedFrom">See <see cref="RenewedFrom"/>; or null.</param>
    /// <exception cref="ArgumentException">A shape, type or value is not as said; the message names it.</exception>
    public ImageSet(string name, Tensor images, int height, int width, Tensor? labels = null, GenerativeFactors? factors = null, ImageFamily? renewedFrom = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(images);
        CheckShape(images, height, width);
        CheckLabels(labels, images.shape[0]);
        CheckFactors(factors, images.shape[0]);
        if (renewedFrom is not null && renewedFrom.Size != new ImageSize(height, width))
        {
            throw new ArgumentException(Invariant($"expected images of the family's size, {renewedFrom.Size.Height} by {renewedFrom.Size.Width}, found {height} by {width}"), nameof(renewedFrom));
        }

        using var grad = no_grad();
        using var scope = NewDisposeScope();
        Name = name;
        (Height, Width) = (height, width);
        Tensor rows = images.detach().reshape(images.shape[0], PixelCount);
        Tensor pixels = rows.dtype == ScalarType.Byte ? rows.to(ScalarType.Float32).div_(byte.MaxValue) : rows.to(ScalarType.Float32, copy: true);
        // Copying keeps the order of axes in memory.
        pixels = pixels.contiguous();
        CheckValues(pixels);
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

    /// <summary>Number of images, at least 1.</summary>
    public long Count => Pixels.shape[0];

    /// <summary>What the images truly depend on, a point for each; or null.</summary>
    public GenerativeFactors? Factors { get; }

    /// <summary>What these images are draws of, where training is to draw others in every epoch; null where it is to see these again and again.</summary>
    public ImageFamily? RenewedFrom { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Labels, int64, shape [count]; or null.</summary>
    public Tensor? Labels { get; }

    /// <summary>What the set is called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>Pixels of an image, height times width.</summary>
    public int PixelCount => Height * Width;

    /// <summary>Pixels, float32, in [0, 1] if they are grey values, shape [count, height*width], row by row.</summary>
    public Tensor Pixels { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Consecutive images as a set of their own, which shares the memory of this one and outlives it.</summary>
    /// <param name="start">Index of the first image.</param>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="name">What the slice is called; by default the name of the set and the range, end excluded: <c>mnist train[50000..60000]</c>.</param>
    /// <returns>The slice, to be disposed of separately.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not within the set.</exception>
    public ImageSet Slice(long start, long count, string? name = null)
    {
        if (start < 0 || start >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, Invariant($"{Name} has images 0 to {Count - 1}"));
        }

        if (count < 1 || count > Count - start)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, Invariant($"{Name} has {Count - start} images from {start} on; at least 1 must be taken"));
        }

        return new ImageSet(this, start, count, name ?? Invariant($"{Name}[{start}..{start + count}]"));
    }

    /// <summary>The same images on a device; they share memory where they are there already.</summary>
    /// <param name="device">Where the images are to be.</param>
    /// <returns>The set, to be disposed of separately.</returns>
    public ImageSet To(Device device)
    {
        using var scope = NewDisposeScope();
        return new ImageSet(this, Pixels.to(device).alias(), device);
    }

    /// <summary>The same images as zeros and ones, each pixel being 1 with a probability equal to its value.</summary>
    /// <param name="generator">The source of the draws; it decides the device.</param>
    /// <returns>The set, to be disposed of separately.</returns>
    /// <exception cref="ArgumentException">A pixel is not in [0, 1].</exception>
    public ImageSet Binarised(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        RequireProbabilities("to be binarised");
        using var scope = NewDisposeScope();
        return new ImageSet(this, Binarised(Pixels.to(generator.device), generator), generator.device);
    }

    internal static Tensor Binarised(Tensor pixels, Generator generator)
    {
        using var scope = NewDisposeScope();
        return rand(pixels.shape, pixels.dtype, pixels.device, generator: generator).lt(pixels).to(pixels.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that the images can be outcomes of a decoder's distribution.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    internal void RequireOutcomesOf(PixelLikelihood likelihood)
    {
        if (likelihood.NeedsProbabilities)
        {
            RequireProbabilities($"for the decoder '{likelihood.Id}'");
        }
    }

    /// <summary>Checks that all pixels are probabilities.</summary>
    /// <exception cref="ArgumentException">One is not in [0, 1].</exception>
    internal void RequireProbabilities(string purpose)
    {
        using var scope = NewDisposeScope();
        (double least, double greatest) = (Pixels.min().item<float>(), Pixels.max().item<float>());
        if (least < 0 || greatest > 1)
        {
            throw new ArgumentException(Invariant($"{Name}: pixels lie between {least} and {greatest}; {purpose} they must lie in [0, 1]."));
        }
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels?.Dispose();
        Factors?.Points.Dispose();
    }

    private static GenerativeFactors? Owned(GenerativeFactors? factors, Func<Tensor, Tensor> take) =>
        factors is null ? null : factors with { Points = take(factors.Points).DetachFromDisposeScope() };

    private static int SizeOf(Tensor images, int dimension)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 3 || images.shape[dimension] > int.MaxValue)
        {
            throw new ArgumentException($"expected images of shape [count, height, width], found {Describe(images)}; give height and width for rows of pixels", nameof(images));
        }

        return (int)images.shape[dimension];
    }

    private static void CheckShape(Tensor images, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        long pixels = (long)height * width;
        long[] shape = images.shape;
        bool fits = pixels <= int.MaxValue
            && ((shape.Length == 2 && shape[1] == pixels) || (shape.Length == 3 && shape[1] == height && shape[2] == width));
        if (!fits)
        {
            throw new ArgumentException(
                Invariant($"expected images of shape [count, {pixels}] or [count, {height}, {width}], found {Describe(images)}"), nameof(images));
        }

        if (shape[0] == 0)
        {
            throw new ArgumentException($"expected at least one image, found {Describe(images)}", nameof(images));
        }

        if (images.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Byte))
        {
            throw new ArgumentException($"expected pixels of type Float32, Float64 or Byte, found {images.dtype}", nameof(images));
        }
    }

    private static void CheckLabels(Tensor? labels, long count)
    {
        if (labels is null)
        {
            return;
        }

        if (labels.dim() != 1 || labels.shape[0] != count)
        {
            throw new ArgumentException(Invariant($"expected labels of shape [{count}], one for each image, found {Describe(labels)}"), nameof(labels));
        }

        if (labels.dtype is not (ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64))
        {
            throw new ArgumentException($"expected labels of an integer type, found {labels.dtype}", nameof(labels));
        }
    }

    private static void CheckFactors(GenerativeFactors? factors, long count)
    {
        if (factors is not null && (factors.Points.dim() != 2 || factors.Points.shape[0] != count || factors.Points.shape[1] != factors.Manifold.AmbientDimension))
        {
            throw new ArgumentException(
                Invariant($"expected factors of shape [{count}, {factors.Manifold.AmbientDimension}], a point of '{factors.Manifold.Id}' for each image, found {Describe(factors.Points)}"), nameof(factors));
        }
    }

    private static void CheckValues(Tensor images)
    {
        // In pieces: the temporaries of a large set would take more memory than the set.
        const long piece = 1 << 22;
        using Tensor values = images.view(-1);
        for (long start = 0; start < values.numel(); start += piece)
        {
            using var scope = NewDisposeScope();
            Tensor outside = values.narrow(0, start, Math.Min(piece, values.numel() - start)).isfinite().logical_not_();
            if (outside.any().item<bool>())
            {
                long index = start + outside.to(ScalarType.Byte).argmax().item<long>();
                long width = images.shape[1];
                throw new ArgumentException(
                    Invariant($"expected finite pixels, found {values[index].item<float>()} in image {index / width}, pixel {index % width}"), nameof(images));
            }
        }
    }

    private static string Describe(Tensor tensor) => "[" + string.Join(", ", tensor.shape.Select(n => Invariant($"{n}"))) + "]";
}
