namespace DiffusionVae.Evaluation;

/// <summary>The certainty of a statement about a map that was made from samples of it.</summary>
public enum Certainty
{
    /// <summary>The samples contradict each other, or are too far apart to tell.</summary>
    Undetermined,

    /// <summary>Two sets of samples, of which one is finer, agree.</summary>
    Stable,

    /// <summary>
    /// It is true of every map with the Lipschitz constant of this one and the same samples, up to the
    /// rounding of single precision.
    /// </summary>
    Proved,
}
