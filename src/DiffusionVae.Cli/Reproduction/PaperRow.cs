namespace DiffusionVae.Cli.Reproduction;

/// <summary>
/// A row of a table of the paper: means and standard deviations over 10 runs, as printed. Nats per image; MSE
/// per pixel, times 100.
/// </summary>
internal sealed record PaperRow(
    string Manifold, MeanAndDeviation LogLikelihood, MeanAndDeviation Elbo, MeanAndDeviation Kl, MeanAndDeviation Mse)
{
    /// <summary>The correction of the row; null if it needs none.</summary>
    public Correction? Correction { get; init; }

    /// <summary>The row with corrected means.</summary>
    public PaperRow Corrected => Correction is null ? this : this with
    {
        Elbo = Elbo with { Mean = Correction.Elbo },
        Kl = Kl with { Mean = Correction.Kl },
        LogLikelihood = LogLikelihood with { Mean = Correction.LogLikelihood },
        Correction = null,
    };
}
