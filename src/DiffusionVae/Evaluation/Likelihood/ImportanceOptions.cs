namespace DiffusionVae.Evaluation;

/// <summary>What can be chosen about <see cref="ImportanceLikelihood"/>.</summary>
public sealed record ImportanceOptions
{
    /// <summary>The number L of samples for each image; at least 1, default 100. The bound rises towards log p(x) with it.</summary>
    public int Samples { get; init; } = 100;

    /// <summary>The number K of images, the first of the set; at least 1, by default (null) all.</summary>
    public long? Images { get; init; }

    /// <summary>Everything that is wrong with these options, each fault with name, value and allowed range; empty if they are fine.</summary>
    /// <param name="available">The number of images that there are.</param>
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
