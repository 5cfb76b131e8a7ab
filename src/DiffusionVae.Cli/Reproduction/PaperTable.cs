namespace DiffusionVae.Cli.Reproduction;

/// <summary>A table of results in the paper (section 4), with corrections.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The title.</param>
/// <param name="Data">The data that the models were trained on.</param>
/// <param name="Epochs">Our default number of epochs; the paper has 500.</param>
/// <param name="Rows">A row for each latent space.</param>
internal sealed record PaperTable(string Name, string Title, string Data, int Epochs, IReadOnlyList<PaperRow> Rows)
{
    private const string FlatTorusFault =
        "the authors' code leaves -(d/2) log 2π out of the divergence on the flat torus, which makes it log 2π = 1.838 too high";

    private const string RingTorusFault =
        "the authors' code leaves -(d/2) log 2π out of the divergence on the embedded torus and takes 4π·2Rr for its volume, 4π²Rr, "
        + "which makes the divergence log 4 = 1.386 too high";

    public static PaperTable MnistDigits { get; } = new("table1", "Table 1: handwritten digits (MNIST)", "mnist", 60,
    [
        new("sphere:2", new(-738.76, 0.08), new(-739.25, 0.09), new(5.16, 0.13), new(3.48, 0.05)),
        new("embedded-torus:3,0.6", new(-738.58, 0.08), new(-740.97, 0.10), new(6.57, 0.01), new(3.55, 0.02))
        {
            Correction = new(-739.58, 5.18, -739.03, RingTorusFault + "; the volume also makes the log-likelihood 0.452 too high"),
        },
        new("torus:2", new(-738.97, 0.08), new(-741.37, 0.11), new(6.42, 0.00), new(3.70, 0.02))
        {
            Correction = new(-739.53, 4.58, -738.97, FlatTorusFault),
        },
        new("projective:3", new(-738.81, 0.02), new(-739.32, 0.03), new(5.65, 0.08), new(3.37, 0.02)),
        new("projective:2", new(-740.17, 0.35), new(-741.19, 0.53), new(3.15, 0.56), new(4.49, 0.02)),
        new("euclidean:3", new(-738.27, 0.03), new(-738.85, 0.04), new(5.74, 0.05), new(3.23, 0.02)),
        new("euclidean:2", new(-738.83, 0.08), new(-739.35, 0.11), new(4.95, 0.04), new(3.56, 0.04)),
    ]);

    public static PaperTable TranslatedPicture { get; } = new("table2", "Table 2: translations of the picture cos + cos", "fourier", 40,
    [
        new("sphere:2", new(-3779.75, 2.25), new(-3825.11, 4.21), new(3.45, 0.01), new(2.82, 0.21)),
        new("embedded-torus:3,0.6", new(-3787.34, 11.8), new(-3809.33, 23.0), new(11.2, 1.20), new(1.85, 1.18))
        {
            Correction = new(-3807.94, 9.81, -3787.79, RingTorusFault + "; the volume also makes the log-likelihood 0.452 too high"),
        },
        new("torus:2", new(-3773.99, 1.70), new(-3813.00, 5.16), new(6.42, 0.00), new(0.90, 0.25))
        {
            Correction = new(
                -3787.0,
                4.58,
                -3773.99,
                FlatTorusFault + "; the printed ELBO contradicts its own row, whose divergence and MSE give -3787.0"),
        },
        new("projective:3", new(-3774.61, 0.53), new(-3821.25, 2.44), new(3.70, 0.00), new(2.62, 0.12)),
        new("projective:2", new(-3789.13, 8.36), new(-3850.19, 33.7), new(3.92, 1.97), new(4.02, 1.74)),
        new("euclidean:3", new(-3779.67, 4.06), new(-3783.03, 5.71), new(9.73, 0.45), new(0.46, 0.26)),
        new("euclidean:2", new(-3785.64, 5.26), new(-3789.60, 6.19), new(8.26, 0.53), new(0.85, 0.28)),
    ]);

    public static IReadOnlyList<PaperTable> All { get; } = [MnistDigits, TranslatedPicture];

    /// <summary>The row of a latent space; null if the paper has none.</summary>
    public PaperRow? Row(string manifold) => Rows.FirstOrDefault(row => row.Manifold == manifold);
}
