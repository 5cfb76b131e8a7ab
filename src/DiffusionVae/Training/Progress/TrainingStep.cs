namespace DiffusionVae.Training;

/// <summary>Where training stands after a step.</summary>
public readonly record struct TrainingStep
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of steps done in the whole run.</summary>
    public required long Step { get; init; }

    /// <summary>The number of steps of the whole run.</summary>
    public required long Steps { get; init; }

    /// <summary>The mean ELBO of the batch, in nats per image, with the divergence at full weight.</summary>
    public required double Elbo { get; init; }
}
