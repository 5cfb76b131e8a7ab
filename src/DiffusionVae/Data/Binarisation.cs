namespace DiffusionVae.Data;

/// <summary>
/// Whether and when grey pixels are turned into zeros and ones. A pixel becomes 1 with a probability equal to
/// its grey value.
/// </summary>
public enum Binarisation
{
    /// <summary>Pixels stay grey.</summary>
    None,

    /// <summary>Pixels are drawn once, before training.</summary>
    Static,

    /// <summary>
    /// Pixels of training images are drawn anew for every batch; those of test images are drawn once.
    /// </summary>
    Dynamic,
}
