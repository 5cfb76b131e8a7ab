namespace DiffusionVae.LatentSpaces;

/// <summary>What can be chosen about a latent space, besides the manifold.</summary>
public sealed record LatentOptions
{
    /// <summary>The divergence; by default (null) exact where there is an exact one, and asymptotic elsewhere.</summary>
    public DivergenceMethod? Divergence { get; init; }

    /// <summary>
    /// Bounds of log t, kept by a tanh as in the paper; by default (null) none where the divergence holds at every time, and
    /// <see cref="LogTimeBounds.Paper"/> where only the expansion is known.
    /// </summary>
    public LogTimeBounds? Bounds { get; init; }

    /// <summary>How an encoder's coordinates become a point; by default (null) unfolded where the manifold can be, on the ring torus, and by the closest point elsewhere.</summary>
    public EncoderProjection? Projection { get; init; }

    /// <summary>Where a free log t starts; default -3.</summary>
    public double InitialLogTime { get; init; } = -3;

    /// <summary>The number of steps of the random walk; at least 1, default 10 (the paper's).</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Everything that is wrong with these options, each fault with name, value and allowed range; empty if they are fine.</summary>
    public IEnumerable<string> Faults()
    {
        if (Steps < 1)
        {
            yield return Invariant($"Steps is {Steps}; it must be at least 1.");
        }
        if (Bounds is { } bounds && !(bounds.Lower < bounds.Upper && bounds.Lower >= -30 && bounds.Upper <= 10))
        {
            yield return Invariant($"Bounds of log t are {bounds.Lower} to {bounds.Upper}; they must be increasing and lie between -30 and 10.");
        }
        if (!(InitialLogTime >= LogTimeBounds.Representable.Lower && InitialLogTime <= LogTimeBounds.Representable.Upper))
        {
            yield return Invariant($"InitialLogTime is {InitialLogTime}; it must lie between {LogTimeBounds.Representable.Lower} and {LogTimeBounds.Representable.Upper}.");
        }
    }
}
