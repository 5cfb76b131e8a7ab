namespace DiffusionVae.Evaluation;

/// <summary>Options of <see cref="Topology"/>: how closely it looks.</summary>
public sealed record TopologyOptions
{
    /// <summary>
    /// The number of points of the factors' manifold to encode, at least 100; default 3,000.
    /// </summary>
    public int Samples { get; init; } = 3000;

    /// <summary>
    /// The number of regions of the latent space when its coverage is measured, at least 10; default 200.
    /// </summary>
    public int Anchors { get; init; } = 200;

    /// <summary>
    /// The most images to encode in trying to prove that the encoder is continuous; 0 skips the proof;
    /// default 60,000.
    /// </summary>
    public int ProofImages { get; init; } = 60_000;

    /// <summary>Everything that is wrong with these options; empty if they are fine.</summary>
    public IEnumerable<string> Faults()
    {
        if (Samples < 100)
        {
            yield return Invariant($"Samples is {Samples}; it must be at least 100.");
        }
        if (Anchors < 10)
        {
            yield return Invariant($"Anchors is {Anchors}; it must be at least 10.");
        }
        if (ProofImages < 0)
        {
            yield return Invariant($"ProofImages is {ProofImages}; it must be at least 0.");
        }
    }
}
