namespace DiffusionVae.Evaluation;

/// <summary>What can be chosen about <see cref="QuadratureLikelihood"/>.</summary>
public sealed record QuadratureOptions
{
    /// <summary>The greatest dimension of a latent space over which a grid is in reach.</summary>
    public const int MostDimensions = 3;

    /// <summary>The least number of nodes that may be allowed: enough for two grids, whose difference is the error.</summary>
    public const long FewestNodes = 10_000;

    /// <summary>The number K of images, the first of the set; at least 1, by default (null) all.</summary>
    public long? Images { get; init; }

    /// <summary>
    /// How far, in nats, the last two grids may differ in the mean over images; ten times as far on any one image. Positive, default 0.001.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The most nodes of a grid; at least <see cref="FewestNodes"/>, default 4,194,304.</summary>
    public long MaximumNodes { get; init; } = 1 << 22;

    /// <summary>Everything that is wrong with these options, each fault with name, value and allowed range; empty if they are fine.</summary>
    /// <param name="available">The number of images that there are.</param>
    public IEnumerable<string> Faults(long available)
    {
        if (Images is { } images && (images < 1 || images > available))
        {
            yield return Invariant($"Images is {images}; it must lie between 1 and {available}, the number of images that there are.");
        }
        if (!(Tolerance > 0 && double.IsFinite(Tolerance)))
        {
            yield return Invariant($"Tolerance is {Tolerance}; it must be positive and finite.");
        }
        if (MaximumNodes < FewestNodes)
        {
            yield return Invariant($"MaximumNodes is {MaximumNodes}; it must be at least {FewestNodes}.");
        }
    }
}
