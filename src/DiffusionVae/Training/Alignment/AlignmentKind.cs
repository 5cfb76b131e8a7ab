namespace DiffusionVae.Training;

/// <summary>How an encoder was aligned before the first step.</summary>
internal enum AlignmentKind
{
    /// <summary>Not at all, or by principal components, or by a version that knew no other way.</summary>
    Linear,

    /// <summary>By the shape that nearest neighbours make.</summary>
    Spectral,
}
