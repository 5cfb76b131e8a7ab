namespace DiffusionVae.Training;

/// <summary>How the learning rate goes over a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same from beginning to end.</summary>
    Constant,

    /// <summary>From its full value to zero along half a cosine (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,
}
