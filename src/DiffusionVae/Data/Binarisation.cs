namespace DiffusionVae.Data;

/// <summary>How grey pixels between 0 and 1 become zeros and ones, each being 1 with a probability equal to its grey value.</summary>
public enum Binarisation
{
    /// <summary>They stay grey.</summary>
    None,

    /// <summary>Drawn once, before training.</summary>
    Static,

    /// <summary>Drawn anew for every batch of training images; test images are drawn once.</summary>
    Dynamic,
}
