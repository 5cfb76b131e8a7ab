namespace DiffusionVae.Evaluation;

/// <summary>Two true factors and their latents, which show that an encoder is no homeomorphism.</summary>
/// <param name="FirstFactor">A point of the manifold of factors.</param>
/// <param name="SecondFactor">Another.</param>
/// <param name="FirstLatent">Where the first one's image is encoded.</param>
/// <param name="SecondLatent">Where the second one's image is encoded.</param>
/// <param name="FactorDistance">The distance of the factors, relative to the greatest between factors.</param>
/// <param name="LatentDistance">The distance of the latents, relative to the greatest between latents.</param>
public sealed record FactorPair(
    IReadOnlyList<float> FirstFactor, IReadOnlyList<float> SecondFactor, IReadOnlyList<float> FirstLatent, IReadOnlyList<float> SecondLatent, double FactorDistance, double LatentDistance);
