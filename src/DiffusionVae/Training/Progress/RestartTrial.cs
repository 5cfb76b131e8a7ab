namespace DiffusionVae.Training;

/// <summary>Result of one restart in the restart search.</summary>
public sealed record RestartTrial
{
    /// <summary>The restart, counted from 0.</summary>
    public required int Restart { get; init; }

    /// <summary>The number of restarts that are tried.</summary>
    public required int Restarts { get; init; }

    /// <summary>The number of epochs of the trial.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// The ELBO of the training images in the last of these epochs, in nats per image; null if training
    /// diverged.
    /// </summary>
    public required double? Elbo { get; init; }
}
