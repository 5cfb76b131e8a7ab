namespace DiffusionVae.Data;

/// <summary>Arrays as observations: puts channels first, and refuses what cannot be told apart.</summary>
internal static class Observations
{
    private const string Expected = "(count, features), (count, height, width), (count, channels, height, width) or (count, height, width, "
        + "channels) with 1 or 3 channels";

    /// <summary>
    /// The observations of an array, in an order and type that an <see cref="ImageSet"/> takes.
    /// </summary>
    /// <param name="path">The file of the array, for messages.</param>
    /// <param name="array">The array.</param>
    /// <returns>[count, features], [count, height, width] or [count, channels, height, width]; bytes stay
    /// bytes.</returns> <exception cref="DataFormatException">The shape is another, or may be one of two, or
    /// an integer has more digits than single precision holds.</exception>
    public static Tensor FromArray(string path, Tensor array)
    {
        Tensor ordered = array.shape switch
        {
            [_, _] or [_, _, _] => array,
            [_, 1 or 3, _, 1 or 3] => throw new DataFormatException(
                path, $"expected channels first or last, found {Describe(array)}, where both ends may be channels; "
                + "leave out an axis of 1, or save one channel alone"),
            [_, 1 or 3, _, _] => array,
            [_, _, _, 1 or 3] => array.permute(0, 3, 1, 2).contiguous(),
            [_, _, _, 4] or [_, 4, _, _] => throw new DataFormatException(
                path, $"expected 1 or 3 channels, found 4 in {Describe(array)}: leave out the transparency, a[..., :3]"),
            [_] => throw new DataFormatException(
                path, $"expected observations of shape {Expected}, found {Describe(array)}; reshape(-1, 1) makes vectors of one feature"),
            _ => throw new DataFormatException(path, $"expected observations of shape {Expected}, found {Describe(array)}"),
        };
        return ordered.dtype switch
        {
            ScalarType.Byte or ScalarType.Float32 or ScalarType.Float64 => ordered,
            ScalarType.Int32 or ScalarType.Int64 => Exact(path, ordered),
            _ => ordered.to(ScalarType.Float32),
        };
    }

    /// <summary>Integers in single precision, none of them rounded.</summary>
    private static Tensor Exact(string path, Tensor integers)
    {
        Tensor singles = integers.to(ScalarType.Float32);
        Tensor rounded = singles.to(ScalarType.Int64).ne(integers.to(ScalarType.Int64));
        if (rounded.any().item<bool>())
        {
            long value = integers.masked_select(rounded)[0].to(ScalarType.Int64).item<long>();
            throw new DataFormatException(path, Invariant(
                $"found the integer {value}, which single precision does not hold; subtract an offset, or save float64 to round"));
        }
        return singles;
    }

    private static string Describe(Tensor array) => $"({string.Join(", ", array.shape)}{(array.dim() == 1 ? "," : "")})";
}
