using System.Globalization;

namespace DiffusionVae.Models;

/// <summary>p(x|z): how the output of a decoder is a distribution of images, pixels being independent given z.</summary>
public abstract class PixelLikelihood
{
    private const double SinglePrecision = 6e-8;
    private const double TolerableRounding = 2e-4;

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
    public abstract PixelScore Score(Tensor images, Tensor output);

    /// <summary>The log-likelihood alone, without gradient: fewer passes over the pixels than <see cref="Score"/>.</summary>
    /// <param name="images">[images, pixels].</param>
    /// <param name="output">Output of the decoder for several points an image, [images, samples, pixels].</param>
    /// <returns>log p(x|z), [images, samples], float64, in nats.</returns>
    public abstract Tensor LogLikelihood(Tensor images, Tensor output);

    /// <summary>The log-likelihood of every image at every point, without gradient, by one product of matrices.</summary>
    /// <remarks>
    /// The product is taken in the type of its arguments as long as its rounding errors stay below 2e-4 nats, else in float64.
    /// </remarks>
    /// <param name="images">[images, pixels].</param>
    /// <param name="output">Output of the decoder, [points, pixels].</param>
    /// <returns>log p(x|z), [images, points], float64, in nats.</returns>
    public abstract Tensor CrossLogLikelihood(Tensor images, Tensor output);

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

    /// <summary>x·y for all rows x and y, as float64; computed in it only if float32 would be wrong by <see cref="TolerableRounding"/>.</summary>
    /// <param name="x">[..., pixels].</param>
    /// <param name="y">[..., pixels].</param>
    /// <param name="scale">What the products are going to be multiplied with.</param>
    private protected static Tensor Products(Tensor x, Tensor y, double scale)
    {
        // By Cauchy and Schwarz; the errors of the single terms add up to less than this, being of either sign.
        double bound = scale * SinglePrecision * Longest(x) * Longest(y);
        return bound < TolerableRounding
            ? torch.matmul(x, y.transpose(-2, -1)).to(ScalarType.Float64)
            : torch.matmul(x.to(ScalarType.Float64), y.to(ScalarType.Float64).transpose(-2, -1));
    }

    private static double Longest(Tensor rows) => rows.norm(-1).max().to(ScalarType.Float64).item<double>();

    /// <summary>|x - mean|², by the operation that goes over the pixels once, and once again for the gradient.</summary>
    private protected static Tensor SquaredError(Tensor images, Tensor mean) => nn.functional.mse_loss(mean, images, nn.Reduction.None).sum(-1);
}
