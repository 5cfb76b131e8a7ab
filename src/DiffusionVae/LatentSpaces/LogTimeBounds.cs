namespace DiffusionVae.LatentSpaces;

/// <summary>An interval for log t, the logarithm of the time of the Brownian motion (in squared length).</summary>
/// <param name="Lower">The least log t.</param>
/// <param name="Upper">The greatest log t.</param>
public readonly record struct LogTimeBounds(double Lower, double Upper)
{
    /// <summary>What the authors' published code has: -8.75 to -3.75.</summary>
    public static LogTimeBounds Paper { get; } = new(-8.75, -3.75);

    /// <summary>Where the exact kernels hold and float32 still resolves a step: the range of a free log t.</summary>
    public static LogTimeBounds Representable { get; } = new(-13.8, 6.9);
}
