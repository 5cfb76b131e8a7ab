namespace DiffusionVae.Manifolds;

/// <summary>
/// Checks of a manifold: whether its projection, derivatives, volume, curvature, samples and other
/// capabilities fit together.
/// </summary>
/// <remarks>
/// <code>
/// foreach (string fault in ManifoldChecks.FindFaults(new MyManifold())) { Console.WriteLine(fault); }
/// </code>
/// <para>
/// Nothing but the manifold itself is needed. Volume, curvature and uniform samples are compared with what
/// follows from the projection alone (<see cref="EstimatedManifold"/>), each capability with the projection
/// or with another capability.
/// </para>
/// <para>
/// Values are checked in float32 and in float64. Deviations count from about a ten-thousandth of the
/// manifold's size on (a millionth in float64), statistical ones from six standard errors on: a manifold
/// without faults fails by chance once in a million checks.
/// </para>
/// <para>
/// Some manifolds have so many dimensions, or bend so sharply, that the projection gives only a rough volume.
/// There the volume and the distribution of uniform samples are not compared.
/// </para>
/// </remarks>
public static class ManifoldChecks
{
    /// <summary>Finds what is wrong with a manifold.</summary>
    /// <param name="manifold">
    /// The manifold. It is asked for its capabilities by type, and each that it has is checked.
    /// </param>
    /// <param name="seed">Decides the points that are tried.</param>
    /// <returns>
    /// A sentence for each fault, with the number found; empty for a manifold without faults.
    /// </returns>
    public static IReadOnlyList<string> FindFaults(IManifold manifold, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        using var check = new ManifoldCheck(manifold, seed);
        if (!DeclarationChecks.Run(check) || !ProjectionChecks.Run(check))
        {
            // What follows rests on the projection: it would only repeat its faults.
            return check.Faults;
        }
        DerivativeChecks.Run(check);
        UniformChecks.Run(check);
        BrownianChecks.Run(check);
        GeodesicChecks.Run(check);
        CoordinateChecks.Run(check);
        return check.Faults;
    }
}
