namespace DiffusionVae.Manifolds;

/// <summary>The numbers of ids, as the families of the library take them.</summary>
internal static class FamilyNumbers
{
    /// <summary>The most dimensions of a manifold that is made by its id.</summary>
    public const int MostDimensions = 512;

    /// <summary>One whole number, the dimension.</summary>
    /// <exception cref="FormatException">The numbers are others.</exception>
    public static int WholeDimension(IReadOnlyList<double> numbers) =>
        numbers.Count == 1 && numbers[0] >= 1 && numbers[0] <= MostDimensions && numbers[0] == Math.Floor(numbers[0])
            ? (int)numbers[0]
            : throw new FormatException(Invariant($"one whole number from 1 to {MostDimensions}"));

    /// <summary>Makes a surface from two radii R and r with 0 &lt; r &lt; R.</summary>
    /// <exception cref="FormatException">The numbers are others.</exception>
    public static IManifold RingRadii(IReadOnlyList<double> numbers, Func<double, double, IManifold> create) =>
        numbers.Count == 2 && AreRingRadii(numbers[0], numbers[1])
            ? create(numbers[0], numbers[1])
            : throw new FormatException("two radii R,r with 0 < r < R");

    /// <summary>
    /// Refuses radii of a surface that is made by a circle carried round another one, unless 0 &lt; r &lt; R.
    /// </summary>
    /// <param name="coreRadius">R, of the circle along which the other is carried.</param>
    /// <param name="tubeRadius">r, of the circle that is carried.</param>
    /// <param name="surface">The name of the surface.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; r &lt; R, or not finite.</exception>
    public static void RequireRingRadii(double coreRadius, double tubeRadius, string surface)
    {
        if (!AreRingRadii(coreRadius, tubeRadius))
        {
            throw new ArgumentOutOfRangeException(
                nameof(tubeRadius), tubeRadius, Invariant($"A {surface} needs 0 < r < R; R is {coreRadius}."));
        }
    }

    private static bool AreRingRadii(double core, double tube) => tube > 0 && tube < core && double.IsFinite(core);
}
