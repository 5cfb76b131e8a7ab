namespace DiffusionVae.Training;

/// <summary>How the networks start.</summary>
public enum Initialisation
{
    /// <summary>With random weights.</summary>
    Random,

    /// <summary>With random weights, but for the encoder's last layer, which lays the principal components of the images on the manifold; on R^k, which has no shape, as <see cref="Random"/>.</summary>
    Aligned,
}
