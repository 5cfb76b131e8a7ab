namespace DiffusionVae.Evaluation;

/// <summary>How sure a statement about a map is that was made from samples of it.</summary>
public enum Certainty
{
    /// <summary>The samples contradict each other, or are too far apart to tell.</summary>
    Undetermined,

    /// <summary>Two sets of samples, of which one is finer, say the same.</summary>
    Stable,

    /// <summary>No map with the Lipschitz constant of this one, through the same samples, can be otherwise (up to the rounding of single precision).</summary>
    Proved,
}
