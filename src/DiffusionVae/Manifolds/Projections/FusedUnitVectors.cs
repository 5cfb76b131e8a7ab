namespace DiffusionVae.Manifolds;

/// <summary>
/// <see cref="UnitVectors.Normalise"/> in memory: vectors of one width, one behind the other.
/// </summary>
internal static class FusedUnitVectors
{
    public static void Normalise(ReadOnlySpan<double> x, Span<double> unit, int width)
    {
        for (int at = 0; at < x.Length; at += width)
        {
            double squared = SquaredLength(x.Slice(at, width));
            if (squared < UnitVectors.TinySquare)
            {
                unit.Slice(at, width).Clear();
                unit[at] = 1;
                continue;
            }
            double inverse = 1 / Math.Sqrt(squared);
            for (int i = at; i < at + width; i++)
            {
                unit[i] = inverse * x[i];
            }
        }
    }

    /// <summary>g becomes (g - (g·u) u) / |x|, and zero where x vanishes.</summary>
    public static void PullBack(ReadOnlySpan<double> x, ReadOnlySpan<double> unit, Span<double> gradient, int width)
    {
        for (int at = 0; at < x.Length; at += width)
        {
            double squared = SquaredLength(x.Slice(at, width)), along = 0;
            double inverse = squared < UnitVectors.TinySquare ? 0 : 1 / Math.Sqrt(squared);
            for (int i = at; i < at + width; i++)
            {
                along += gradient[i] * unit[i];
            }
            for (int i = at; i < at + width; i++)
            {
                gradient[i] = inverse * (gradient[i] - (along * unit[i]));
            }
        }
    }

    private static double SquaredLength(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (double entry in vector)
        {
            sum += entry * entry;
        }
        return sum;
    }
}
