namespace DiffusionVae.Data;

/// <summary>
/// Checks of the parts of an <see cref="ImageSet"/>. Each throws an <see cref="ArgumentException"/> that says
/// what was expected and found.
/// </summary>
internal static class ImageSetChecks
{
    public static int SizeOf(Tensor images, int dimension)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 3 || images.shape[dimension] > int.MaxValue)
        {
            throw new ArgumentException(
                $"expected images of shape [count, height, width], found {Describe(images)}; give height and width for rows of pixels",
                nameof(images));
        }
        return (int)images.shape[dimension];
    }

    public static void Shape(Tensor images, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        long pixels = (long)height * width;
        long[] shape = images.shape;
        bool matches = pixels <= int.MaxValue
            && ((shape.Length == 2 && shape[1] == pixels) || (shape.Length == 3 && shape[1] == height && shape[2] == width));
        if (!matches)
        {
            throw new ArgumentException(
                Invariant($"expected images of shape [count, {pixels}] or [count, {height}, {width}], found {Describe(images)}"),
                nameof(images));
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

    public static void Labels(Tensor? labels, long count)
    {
        if (labels is null)
        {
            return;
        }
        if (labels.dim() != 1 || labels.shape[0] != count)
        {
            throw new ArgumentException(
                Invariant($"expected labels of shape [{count}], one for each image, found {Describe(labels)}"), nameof(labels));
        }
        if (labels.dtype is not (ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64))
        {
            throw new ArgumentException($"expected labels of an integer type, found {labels.dtype}", nameof(labels));
        }
    }

    public static void Factors(GenerativeFactors? factors, long count)
    {
        if (factors is not null && !factors.Points.shape.SequenceEqual([count, factors.Manifold.AmbientDimension]))
        {
            string shape = Invariant($"[{count}, {factors.Manifold.AmbientDimension}]");
            string expected = $"shape {shape}, a point of '{factors.Manifold.Id}' for each image";
            throw new ArgumentException($"expected factors of {expected}, found {Describe(factors.Points)}", nameof(factors));
        }
    }

    public static void Family(ImageFamily? renewedFrom, int height, int width)
    {
        if (renewedFrom is not null && renewedFrom.Size != new ImageSize(height, width))
        {
            string expected = Invariant($"{renewedFrom.Size.Height} by {renewedFrom.Size.Width}");
            throw new ArgumentException(
                Invariant($"expected images of the family's size, {expected}, found {height} by {width}"), nameof(renewedFrom));
        }
    }

    public static void Values(Tensor images)
    {
        // Piece by piece, because the temporary tensors of a large set would take more memory than the set.
        const long piece = 1 << 22;
        using Tensor values = images.view(-1);
        for (long start = 0; start < values.numel(); start += piece)
        {
            using var scope = torch.NewDisposeScope();
            Tensor outside = values.narrow(0, start, Math.Min(piece, values.numel() - start)).isfinite().logical_not_();
            if (outside.any().item<bool>())
            {
                long index = start + outside.to(ScalarType.Byte).argmax().item<long>();
                long width = images.shape[1];
                string where = Invariant($"image {index / width}, pixel {index % width}");
                throw new ArgumentException(
                    Invariant($"expected finite pixels, found {values[index].item<float>()} in {where}"), nameof(images));
            }
        }
    }

    private static string Describe(Tensor tensor) => "[" + string.Join(", ", tensor.shape.Select(n => Invariant($"{n}"))) + "]";
}
