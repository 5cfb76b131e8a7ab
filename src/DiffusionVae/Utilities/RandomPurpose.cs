namespace DiffusionVae;

/// <summary>
/// What a random generator of a run is for. Each purpose has its own stream, so that a change in one does not
/// alter the others.
/// </summary>
internal enum RandomPurpose
{
    /// <summary>Initial weights.</summary>
    Weights,

    /// <summary>The order of the images.</summary>
    Shuffling,

    /// <summary>Samples of the posterior in training.</summary>
    Posterior,

    /// <summary>Samples of the posterior in evaluation.</summary>
    Evaluation,

    /// <summary>Binarisation of training images.</summary>
    TrainPixels,

    /// <summary>Binarisation of test images.</summary>
    TestPixels,

    /// <summary>Samples of the prior.</summary>
    Prior,

    /// <summary>Samples of the proposals that estimate the likelihood.</summary>
    Likelihood,

    /// <summary>Generative factors of training images that are made anew in every epoch.</summary>
    Factors,

    /// <summary>Images that test the topology of an encoder.</summary>
    Topology,

    /// <summary>Images and trials for the alignment of a model before training.</summary>
    Alignment,

    /// <summary>
    /// What networks draw in training from torch's global generator, for dropout and the like.
    /// </summary>
    Networks,

    /// <summary>Images whose neighbours make a layout of the latent space.</summary>
    Layout,

    /// <summary>Trials for that layout.</summary>
    Rotations,
}
