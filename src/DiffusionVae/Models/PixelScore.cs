namespace DiffusionVae.Models;

/// <summary>How well a batch of images is explained by the output of a decoder.</summary>
/// <param name="LogLikelihood">log p(x|z), [...], in nats per image.</param>
/// <param name="SquaredError">The squared distance from the mean image, [...], summed over pixels.</param>
public readonly record struct PixelScore(Tensor LogLikelihood, Tensor SquaredError);
