namespace DiffusionVae.Models;

/// <summary>How well a batch of images is explained by the output of a decoder.</summary>
/// <remarks>Holds its tensors and does not own them.</remarks>
public sealed class PixelScore
{
    /// <summary>log p(x|z), [...], in nats per image.</summary>
    public required Tensor LogLikelihood { get; init; }

    /// <summary>The squared distance from the mean image, [...], summed over pixels.</summary>
    public required Tensor SquaredError { get; init; }
}
