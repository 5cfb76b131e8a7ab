using System.Globalization;

namespace DiffusionVae.Models;

/// <summary>p(x|z): how the output of a decoder is a distribution of images, pixels being independent given z.</summary>
public abstract class PixelLikelihood
{
    private protected PixelLikelihood()
    {
    }

    /// <summary>The name by which <see cref="Parse"/> finds it.</summary>
    public abstract string Id { get; }

    /// <summary>Whether pixels must lie in [0, 1] to be outcomes of this distribution, or means of outcomes.</summary>
    public abstract bool NeedsProbabilities { get; }

    /// <summary>The mean image.</summary>
    /// <param name="output">Output of the decoder, [..., pixels].</param>
    /// <returns>The same shape.</returns>
    public abstract Tensor Mean(Tensor output);

    /// <summary>How well images are explained.</summary>
    /// <param name="images">[..., pixels].</param>
    /// <param name="output">Output of the decoder, of the same shape.</param>
    public abstract PixelFit Fit(Tensor images, Tensor output);

    /// <summary>Reads <c>gaussian</c> (variance 1, the paper's), <c>gaussian:V</c> (variance V), or <c>bernoulli</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static PixelLikelihood Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        string[] parts = id.Split(':', 2);
        return parts switch
        {
            ["gaussian"] => new GaussianLikelihood(1),
            ["gaussian", string text] when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double variance)
                && variance > 0 && double.IsFinite(variance) => new GaussianLikelihood(variance),
            ["bernoulli"] => new BernoulliLikelihood(),
            _ => throw new FormatException($"There is no decoder '{id}'. There are gaussian (variance 1), gaussian:V with a variance V > 0, and bernoulli."),
        };
    }

    private protected static Tensor SquaredError(Tensor images, Tensor mean) => (images - mean).square().sum(-1);
}
