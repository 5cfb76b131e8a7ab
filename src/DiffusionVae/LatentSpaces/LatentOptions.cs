using DiffusionVae.Manifolds;

namespace DiffusionVae.LatentSpaces;

/// <summary>Options of a latent space on a manifold.</summary>
public sealed record LatentOptions
{
    /// <summary>
    /// The divergence. By default (null) it is exact where the manifold has an exact one, and asymptotic
    /// elsewhere.
    /// </summary>
    public DivergenceMethod? Divergence { get; init; }

    /// <summary>
    /// Bounds of log t, kept by a tanh as in the paper. By default (null) there are none where the divergence
    /// holds at every time, and <see cref="LogTimeBounds.Paper"/> where only the expansion is known.
    /// </summary>
    public LogTimeBounds? Bounds { get; init; }

    /// <summary>
    /// How an encoder's coordinates become a point. By default (null) unfolded where the manifold can be, as
    /// the ring torus can, and the closest point elsewhere.
    /// </summary>
    public EncoderProjection? Projection { get; init; }

    /// <summary>Where a free log t starts; default -3.</summary>
    public double InitialLogTime { get; init; } = -3;

    /// <summary>The number of steps of the random walk; at least 1, default 10 (the paper's).</summary>
    public int Steps { get; init; } = 10;

    /// <summary>
    /// Everything that is wrong with these options, each fault with name, value and allowed range. Empty if
    /// they are fine.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        if (Steps < 1)
        {
            yield return Invariant($"Steps is {Steps}; it must be at least 1.");
        }
        if (Bounds is { } bounds && !(bounds.Lower < bounds.Upper && bounds.Lower >= -30 && bounds.Upper <= 10))
        {
            yield return Invariant($"Bounds of log t are {bounds.Lower} to {bounds.Upper}; ")
                + "they must be increasing and lie between -30 and 10.";
        }
        LogTimeBounds range = LogTimeBounds.Representable;
        if (!(InitialLogTime >= range.Lower && InitialLogTime <= range.Upper))
        {
            yield return Invariant($"InitialLogTime is {InitialLogTime}; it must lie between {range.Lower} and {range.Upper}.");
        }
    }

    /// <summary>
    /// The method of the divergence on a manifold: the one asked for, or the best there is.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The exact one is asked for, and not known on this manifold.
    /// </exception>
    internal DivergenceMethod MethodOn(IManifold manifold)
    {
        bool isKnown = manifold is IHeatKernelManifold { HasHeatKernel: true };
        return Divergence == DivergenceMethod.Exact && !isKnown
            ? throw new ArgumentException($"No exact heat kernel is known for manifold '{manifold.Id}'; use the asymptotic divergence.")
            : Divergence ?? (isKnown ? DivergenceMethod.Exact : DivergenceMethod.Asymptotic);
    }
}

/// <summary>How the divergence of the posterior from the uniform prior is computed.</summary>
public enum DivergenceMethod
{
    /// <summary>From the heat kernel itself, right at every time. Only where the manifold has one.</summary>
    Exact,

    /// <summary>
    /// By the short-time expansion with its right curvature term, Sc t/4. On every closed manifold, at short
    /// times only.
    /// </summary>
    Asymptotic,

    /// <summary>
    /// By the short-time expansion as printed in the paper, with Sc t (d+4)/24, right for d = 2 alone (paper,
    /// section 3.7).
    /// </summary>
    Paper,
}

/// <summary>How the coordinates from an encoder become a point of the manifold.</summary>
public enum EncoderProjection
{
    /// <summary>
    /// The coordinates are a point of the surrounding space. Its closest point on the manifold is taken
    /// (paper, section 3.2).
    /// </summary>
    Closest,

    /// <summary>
    /// The coordinates are projected to a simpler manifold, which is then folded to this one. The ring torus
    /// has this: an encoder puts out a vector of the plane for each of its two angles, as on the flat torus.
    /// In space an error of the ring's radius would be an error of the angle about the tube, which is much
    /// thinner.
    /// </summary>
    Unfolded,
}

/// <summary>
/// An interval for log t, the logarithm of the time of the Brownian motion (in squared length).
/// </summary>
/// <param name="Lower">The least log t.</param>
/// <param name="Upper">The greatest log t.</param>
public readonly record struct LogTimeBounds(double Lower, double Upper)
{
    /// <summary>The interval of the authors' published code: -8.75 to -3.75.</summary>
    public static LogTimeBounds Paper { get; } = new(-8.75, -3.75);

    /// <summary>
    /// The range of a free log t, in which the exact kernels hold and float32 still resolves a step.
    /// </summary>
    public static LogTimeBounds Representable { get; } = new(-13.8, 6.9);
}
