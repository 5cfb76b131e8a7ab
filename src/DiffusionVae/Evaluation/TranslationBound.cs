namespace DiffusionVae.Evaluation;

/// <summary>The log-likelihood of the translates of a periodic picture under their own distribution: a uniform translation, and Gaussian noise on pixels.</summary>
/// <remarks>
/// <para>
/// The mark that a model of such data is measured against. A picture x without noise has
/// log p(x) = -(pixels/2) log 2πσ² + log of the mean over translations s of exp(-|x - T_s x|² / 2σ²), the same for all translates.
/// </para>
/// <para>
/// No model exceeds the mean of it over <i>noisy</i> pictures. Over pictures without noise a model can, by a little: means pulled inwards along
/// the curve of translates gain about σ² / (8 |∂x|²) a direction, |∂x|²/σ² being the Fisher information: 0.0002 nats where that is 512.
/// </para>
/// <para>
/// Translations are by any real number of pixels, the picture being continued by trigonometric interpolation (a component at the Nyquist frequency
/// as a cosine). The mean is taken by the trapezoidal rule, whose grid is doubled until it no longer matters.
/// </para>
/// </remarks>
public sealed record TranslationBound
{
    private const double Tolerance = 1e-9;
    private const int MostSteps = 4096;

    private TranslationBound(double logLikelihood, double[,] information) => (LogLikelihood, Information) = (logLikelihood, information);

    /// <summary>log p(x), in nats.</summary>
    public double LogLikelihood { get; }

    /// <summary>The Fisher information of the translation, 2 by 2, down and across, in nats per squared radian, 2π being one period.</summary>
    public double[,] Information { get; }

    /// <summary>Computes the limit.</summary>
    /// <param name="picture">[height, width], finite.</param>
    /// <param name="variance">σ², the variance of a pixel's noise, positive; 1 in the paper.</param>
    /// <exception cref="ArgumentException">The picture is not two-dimensional or not finite, the variance not positive, or the picture too sharp for it.</exception>
    public static TranslationBound Of(Tensor picture, double variance = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.dim() != 2 || picture.numel() == 0)
        {
            throw new ArgumentException(
                Invariant($"expected a picture of shape [height, width], found {picture.dim()} dimensions and {picture.numel()} pixels"), nameof(picture));
        }
        if (!(variance > 0 && double.IsFinite(variance)))
        {
            throw new ArgumentOutOfRangeException(nameof(variance), variance, "The variance of a pixel must be positive and finite.");
        }
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var translates = new PictureTranslates(picture);
        if (!double.IsFinite(translates.SquaredLength))
        {
            throw new ArgumentException("expected finite pixels", nameof(picture));
        }
        double normalisation = -0.5 * picture.numel() * Math.Log(2 * Math.PI * variance);
        double previous = double.NaN;
        for (int steps = 64; steps <= MostSteps; steps *= 2)
        {
            double logMean = translates.LogMeanOfExponentials(steps, -0.5 / variance);
            if (Math.Abs(logMean - previous) < Tolerance)
            {
                return new TranslationBound(normalisation + logMean, translates.Information(variance));
            }
            previous = logMean;
        }
        throw new ArgumentOutOfRangeException(
            nameof(variance),
            variance,
            Invariant($"The picture is so sharp, or the variance so small, that {MostSteps} translations in each direction do not tell its likelihood."));
    }
}
