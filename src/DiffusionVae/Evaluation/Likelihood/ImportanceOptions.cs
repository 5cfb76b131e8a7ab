namespace DiffusionVae.Evaluation;

/// <summary>The options of <see cref="ImportanceLikelihood"/>.</summary>
public sealed record ImportanceOptions
{
    /// <summary>
    /// The number L of samples for each image, at least 1; default 100. With more samples the bound rises
    /// towards log p(x).
    /// </summary>
    public int Samples { get; init; } = 100;

    /// <summary>
    /// The number K of images, the first ones of the set, at least 1; default null, which means all.
    /// </summary>
    public long? Images { get; init; }

    /// <summary>
    /// Lists the faults of these options, each with name, value and allowed range; empty if there is none.
    /// </summary>
    /// <param name="available">The number of images of the set.</param>
    public IEnumerable<string> Faults(long available)
    {
        if (Samples < 1)
        {
            yield return Invariant($"Samples is {Samples}; it must be at least 1.");
        }
        if (Images is { } images && (images < 1 || images > available))
        {
            yield return Invariant($"Images is {images}; it must lie between 1 and {available}, the number of images that there are.");
        }
    }
}
