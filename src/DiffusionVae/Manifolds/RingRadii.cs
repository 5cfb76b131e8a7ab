namespace DiffusionVae.Manifolds;

/// <summary>The two radii of a surface made by a circle that is carried round another one: 0 &lt; r &lt; R.</summary>
internal static class RingRadii
{
    /// <summary>Whether 0 &lt; r &lt; R, both finite.</summary>
    /// <param name="core">R, the radius of the circle along which the other is carried.</param>
    /// <param name="tube">r, the radius of the circle that is carried.</param>
    public static bool AreValid(double core, double tube) => tube > 0 && tube < core && double.IsFinite(core);

    /// <summary>Refuses radii that are not valid.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; r &lt; R, or not finite.</exception>
    public static void Require(double core, double tube, string surface, string parameter)
    {
        if (!AreValid(core, tube))
        {
            throw new ArgumentOutOfRangeException(parameter, tube, Invariant($"A {surface} needs 0 < r < R; R is {core}."));
        }
    }
}
