namespace DiffusionVae.Evaluation;

/// <summary>
/// The log-likelihood of translates of a periodic picture under their true distribution: a uniform
/// translation and Gaussian noise on pixels.
/// </summary>
/// <remarks>
/// <para>
/// Models of such data are compared with this bound. For a picture x without noise, log p(x) is -(pixels/2)
/// log 2πσ² plus the logarithm of the mean over translations s of exp(-|x - T_s x|² / 2σ²). It is the same
/// for all translates.
/// </para>
/// <para>
/// No model exceeds its mean over <i>noisy</i> pictures. Over pictures without noise a model can exceed it
/// slightly: by moving its means inwards from the curve of translates it gains about σ² / (8 |∂x|²) for each
/// direction. |∂x|²/σ² is the Fisher information; where it is 512, the gain is 0.0002 nats.
/// </para>
/// <para>
/// Translations are by any real number of pixels. Between pixels the picture is defined by trigonometric
/// interpolation, in which a component at the Nyquist frequency is a cosine. The mean is computed by the
/// trapezoidal rule, whose grid is doubled until the result no longer changes.
/// </para>
/// </remarks>
internal sealed class TranslationBound
{
    private const double Tolerance = 1e-9;
    private const int MostSteps = 4096;

    private TranslationBound(double logLikelihood, FisherInformation information) =>
        (LogLikelihood, Information) = (logLikelihood, information);

    /// <summary>log p(x), in nats.</summary>
    public double LogLikelihood { get; }

    /// <summary>The Fisher information of the translation.</summary>
    internal FisherInformation Information { get; }

    /// <summary>Computes the bound.</summary>
    /// <param name="picture">[height, width], finite.</param>
    /// <param name="variance">σ², the variance of the noise of a pixel, positive; 1 in the paper.</param>
    /// <returns>The bound for every translate of the picture.</returns>
    /// <exception cref="ArgumentException">The picture is not two-dimensional or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The variance is not positive and finite, or is too small
    /// for so sharp a picture.</exception>
    public static TranslationBound Compute(Tensor picture, double variance = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.dim() != 2 || picture.numel() == 0)
        {
            string found = Invariant($"{picture.dim()} dimensions and {picture.numel()} pixels");
            throw new ArgumentException($"expected a picture of shape [height, width], found {found}", nameof(picture));
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
            Invariant($"The picture is so sharp, or the variance so small, that {MostSteps} translations in each direction ")
            + "do not tell its likelihood.");
    }
}
