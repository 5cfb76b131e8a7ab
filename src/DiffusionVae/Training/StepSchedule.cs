namespace DiffusionVae.Training;

/// <summary>What changes over a run, as it is in one step.</summary>
internal readonly record struct StepSchedule
{
    /// <summary>The learning rate of the encoder.</summary>
    public required double EncoderRate { get; init; }

    /// <summary>The learning rate of the decoder.</summary>
    public required double DecoderRate { get; init; }

    /// <summary>The weight of the divergence in the loss.</summary>
    public required double KlWeight { get; init; }

    /// <summary>Whether the encoder stays as it is, while the decoder catches up with an alignment.</summary>
    public required bool EncoderRests { get; init; }

    /// <summary>The schedule of a step.</summary>
    /// <param name="step">The step, counted from 0 over the whole run.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="isAligned">Whether the run starts with an alignment.</param>
    /// <param name="alignment">How it was aligned.</param>
    public static StepSchedule At(long step, long steps, TrainingOptions options, bool isAligned, AlignmentState alignment)
    {
        double share = (double)step / steps;
        double encoderShare = !isAligned ? 1
            : alignment.Kind == AlignmentKind.Spectral ? alignment.EncoderShareAt(step)
            : options.EncoderShareAt(step, steps);
        double rate = options.LearningRateAt(share, isAligned);
        return new()
        {
            EncoderRate = encoderShare * rate,
            DecoderRate = rate,
            KlWeight = options.KlWeightAt(share),
            EncoderRests = encoderShare == 0,
        };
    }
}
