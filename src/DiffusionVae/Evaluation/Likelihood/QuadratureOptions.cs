namespace DiffusionVae.Evaluation;

/// <summary>The options of <see cref="QuadratureLikelihood"/>.</summary>
public sealed record QuadratureOptions
{
    /// <summary>The largest dimension of a latent space for which a grid is feasible.</summary>
    public const int MostDimensions = 3;

    /// <summary>
    /// The smallest allowed value of <see cref="MaximumNodes"/>: enough for two grids, whose difference is
    /// the error.
    /// </summary>
    public const long FewestNodes = 10_000;

    /// <summary>
    /// The number K of images, the first ones of the set, at least 1; default null, which means all.
    /// </summary>
    public long? Images { get; init; }

    /// <summary>
    /// The largest mean difference of the last two grids over images, in nats; positive, default 0.001. A
    /// single image may differ by ten times as much.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// The largest number of nodes of a grid, at least <see cref="FewestNodes"/>; default 4,194,304.
    /// </summary>
    public long MaximumNodes { get; init; } = 1 << 22;

    /// <summary>
    /// Lists the faults of these options, each with name, value and allowed range; empty if there is none.
    /// </summary>
    /// <param name="available">The number of images of the set.</param>
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
