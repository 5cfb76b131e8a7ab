namespace DiffusionVae.Evaluation;

/// <summary>Two true factors and their latents, which show that an encoder is no homeomorphism.</summary>
public sealed class FactorPair
{
    /// <summary>A point of the manifold of factors.</summary>
    public required IReadOnlyList<float> FirstFactor { get; init; }

    /// <summary>Another point of the manifold of factors.</summary>
    public required IReadOnlyList<float> SecondFactor { get; init; }

    /// <summary>The latent of the first factor's image.</summary>
    public required IReadOnlyList<float> FirstLatent { get; init; }

    /// <summary>The latent of the second factor's image.</summary>
    public required IReadOnlyList<float> SecondLatent { get; init; }

    /// <summary>The distance of the factors, relative to the greatest between factors.</summary>
    public required double FactorDistance { get; init; }

    /// <summary>The distance of the latents, relative to the greatest between latents.</summary>
    public required double LatentDistance { get; init; }
}
