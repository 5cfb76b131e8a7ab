namespace DiffusionVae.Data;

/// <summary>
/// Checks of the parts of an <see cref="ImageSet"/>. Each throws an <see cref="ArgumentException"/> that says
/// what was expected and found.
/// </summary>
internal static class ImageSetChecks
{
    public static void Shape(Tensor images, ObservationShape shape)
    {
        long[] found = images.shape;
        long[][] allAxes = [[shape.Size], shape.Axes, [shape.Channels, shape.Height, shape.Width]];
        if (!allAxes.Any(axes => found.Skip(1).SequenceEqual(axes)))
        {
            string[] allowed = [.. new[] { Invariant($"[count, {shape.Size}]"), $"[count, {string.Join(", ", shape.Axes)}]" }.Distinct()];
            throw new ArgumentException(
                $"expected {shape.Noun} of shape {string.Join(" or ", allowed)}, found {Describe(images)}", nameof(images));
        }
        if (found[0] == 0)
        {
            throw new ArgumentException($"expected at least one observation, found {Describe(images)}", nameof(images));
        }
        if (images.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Byte)
            && !(IsInteger(images.dtype) && !shape.IsImage))
        {
            string expected = shape.IsImage ? "pixels of type Float32, Float64 or Byte" : "features of type Float32, Float64 or an integer";
            throw new ArgumentException($"expected {expected}, found {images.dtype}", nameof(images));
        }
    }

    private static bool IsInteger(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

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
        if (!IsInteger(labels.dtype))
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

    public static void Family(ImageFamily? renewedFrom, ObservationShape shape)
    {
        if (renewedFrom is not null && !renewedFrom.Shape.Equals(shape))
        {
            throw new ArgumentException($"expected the shape of the family, {renewedFrom.Shape}, found {shape}", nameof(renewedFrom));
        }
    }

    public static void Values(Tensor images, ObservationShape shape)
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
                (string whole, string part) = shape.IsImage ? ("image", "pixel") : ("vector", "feature");
                string where = Invariant($"{whole} {index / width}, {part} {index % width}");
                throw new ArgumentException(
                    Invariant($"expected finite {part}s, found {values[index].item<float>()} in {where}"), nameof(images));
            }
        }
    }

    private static string Describe(Tensor tensor) => "[" + string.Join(", ", tensor.shape.Select(n => Invariant($"{n}"))) + "]";
}
