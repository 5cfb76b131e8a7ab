namespace DiffusionVae.Runs;

/// <summary>The posteriors of a set of images, in the order of the set. The tensors are on the CPU.</summary>
public sealed class EncodedImages : IDisposable
{
    /// <summary>The mean points, [images, n].</summary>
    public required Tensor Mean { get; init; }

    /// <summary>log t, [images, times]; of R^k a log variance for each coordinate.</summary>
    public required Tensor LogTime { get; init; }

    /// <summary>The KL divergence from the prior in nats, [images, components].</summary>
    public required Tensor Divergence { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Mean.Dispose();
        LogTime.Dispose();
        Divergence.Dispose();
    }
}
