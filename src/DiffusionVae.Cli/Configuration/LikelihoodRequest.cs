namespace DiffusionVae.Cli.Configuration;

/// <summary>The likelihood that <c>evaluate</c> is to estimate.</summary>
internal sealed record LikelihoodRequest
{
    public required LikelihoodMethod Method { get; init; }

    /// <summary>The number of samples for each image, for importance sampling.</summary>
    public required int Samples { get; init; }

    /// <summary>The number of images, the first ones; null for all.</summary>
    public required long? Images { get; init; }

    /// <summary>The file for the likelihood of each image; null if none is wanted.</summary>
    public required string? Csv { get; init; }
}
