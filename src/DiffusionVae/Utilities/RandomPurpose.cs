namespace DiffusionVae;

/// <summary>What a generator of a run is for. Each use has a stream of its own, so that a change in one leaves the others alone.</summary>
public enum RandomPurpose
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

    /// <summary>Samples of the proposals by which the likelihood is estimated.</summary>
    Likelihood,

    /// <summary>True factors of the training images that are new in every epoch.</summary>
    Factors,

    /// <summary>Images made to judge the topology of an encoder.</summary>
    Topology,

    /// <summary>Images and trials from which a model is aligned before it is trained.</summary>
    Alignment,

    /// <summary>What networks draw in training from torch's global generator, for dropout and the like.</summary>
    Networks,
}
