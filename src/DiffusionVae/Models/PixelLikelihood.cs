using System.Globalization;
using DiffusionVae.Data;

namespace DiffusionVae.Models;

/// <summary>
/// p(x|z): the distribution of an image given the decoder's output. Pixels are independent given z.
/// </summary>
/// <remarks>
/// <para>
/// A user-defined likelihood derives from this class and implements <see cref="Id"/>, <see cref="Mean"/> and
/// <see cref="Score"/>. The other members have defaults made of these. Pass it to the constructor of
/// <see cref="DiffusionAutoencoder"/>.
/// </para>
/// <para>
/// <see cref="Score"/> is called once in every training step. <see cref="LogLikelihood"/> and
/// <see cref="CrossLogLikelihood"/> are called when p(x) is estimated, by importance sampling and by
/// quadrature; there they take most of the time, so that a faster form is worth overriding. Constants must be
/// included: log p(x|z) is reported in nats.
/// </para>
/// <para>Results are new tensors in the caller's dispose scope. Arguments are never disposed.</para>
/// </remarks>
public abstract class PixelLikelihood
{
    private const double SinglePrecision = 6e-8;
    private const double TolerableRounding = 2e-4;

    /// <summary>
    /// Numbers that the default of <see cref="CrossLogLikelihood"/> holds at once, at most, about.
    /// </summary>
    private const long MostNumbers = 1 << 22;

    /// <summary>For derived classes.</summary>
    protected PixelLikelihood()
    {
    }

    /// <summary>
    /// Reads <c>gaussian</c> (variance 1, the paper's), <c>gaussian:V</c> (variance V),
    /// <c>gaussian:learned</c> (one variance that is learnt), <c>gaussian:learned-each</c> (one for each
    /// feature), <c>bernoulli</c>, <c>poisson</c> or <c>negative-binomial</c>.
    /// </summary>
    /// <param name="id">The likelihood's <see cref="Id"/>.</param>
    /// <param name="shape">The shape of the observations, which a likelihood with learnt parameters
    /// needs.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    /// <exception cref="ArgumentNullException">It needs the shape.</exception>
    public static PixelLikelihood Parse(string id, ObservationShape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        string[] parts = id.Split(':', 2);
        return parts switch
        {
            ["gaussian"] => new GaussianLikelihood(1),
            ["gaussian", "learned"] => new LearnedGaussianLikelihood(shape!),
            ["gaussian", "learned-each"] => new LearnedGaussianLikelihood(shape!, each: true),
            ["gaussian", string text] when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double variance)
                && variance > 0 && double.IsFinite(variance) => new GaussianLikelihood(variance),
            ["bernoulli"] => new BernoulliLikelihood(),
            ["poisson"] => new PoissonLikelihood(),
            ["negative-binomial"] => new NegativeBinomialLikelihood(shape!),
            _ => throw new FormatException(
                $"There is no decoder '{id}'. There are gaussian (variance 1), gaussian:V with a variance V > 0, gaussian:learned, "
                + "gaussian:learned-each (a variance for each feature), bernoulli, poisson and negative-binomial."),
        };
    }

    /// <summary>
    /// The name in configurations and reports. <see cref="Parse"/> finds the library's own likelihoods by it.
    /// </summary>
    public abstract string Id { get; }

    /// <summary>
    /// Whether pixels must lie in [0, 1], to be outcomes of this distribution or means of outcomes. By
    /// default they need not.
    /// </summary>
    public virtual bool NeedsProbabilities => false;

    /// <summary>
    /// What the distribution learns in training, such as a variance; null (the default) if it learns nothing.
    /// The model registers it as <c>likelihood</c>.
    /// </summary>
    public virtual nn.Module? Parameters => null;

    /// <summary>Whether observations must be counts: 0, 1, 2 and so on.</summary>
    internal virtual bool NeedsCounts => false;

    /// <summary>The decoder's output whose mean is given; null where it is not known.</summary>
    /// <param name="mean">[features].</param>
    internal virtual Tensor? OutputFor(Tensor mean) => null;

    /// <summary>Takes what the distribution needs to know from a training set.</summary>
    /// <param name="pixels">[count, features], float32.</param>
    /// <param name="shape">The shape of a row.</param>
    internal virtual void Prepare(Tensor pixels, ObservationShape shape)
    {
    }

    /// <summary>Checks that pixels can be outcomes of this distribution.</summary>
    /// <param name="pixels">The pixels, float32.</param>
    /// <param name="name">The name of the images, for the message.</param>
    /// <exception cref="ArgumentException">They cannot.</exception>
    internal void RequireOutcomes(Tensor pixels, string name)
    {
        if (NeedsProbabilities)
        {
            Guard.Probabilities(pixels, name, $"for the decoder '{Id}'");
        }
        if (NeedsCounts)
        {
            Guard.Counts(pixels, name, Id);
        }
    }

    /// <summary>The mean image.</summary>
    /// <param name="output">Output of the decoder, [..., pixels].</param>
    /// <returns>The same shape.</returns>
    public abstract Tensor Mean(Tensor output);

    /// <summary>How well images are explained, differentiable in the decoder's output.</summary>
    /// <param name="images">[..., pixels], float32 or float64.</param>
    /// <param name="output">Output of the decoder, of the same shape and type.</param>
    /// <returns>log p(x|z) and <see cref="SquaredError"/>, each [...].</returns>
    public abstract PixelScore Score(Tensor images, Tensor output);

    /// <summary>The log-likelihood alone, without gradient. By default that of <see cref="Score"/>.</summary>
    /// <param name="images">[images, pixels].</param>
    /// <param name="output">
    /// Output of the decoder for several points of each image, [images, samples, pixels].
    /// </param>
    /// <returns>log p(x|z), [images, samples], float64, in nats.</returns>
    public virtual Tensor LogLikelihood(Tensor images, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(output);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor expanded = images.unsqueeze(-2).expand(output.shape);
        return Score(expanded.to(ScalarType.Float64), output.to(ScalarType.Float64)).LogLikelihood.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The log-likelihood of every image at every point, without gradient. By default that of
    /// <see cref="LogLikelihood"/>.
    /// </summary>
    /// <remarks>
    /// The library's own likelihoods compute it by one product of matrices. The product is taken in the type
    /// of its arguments as long as its rounding errors stay below 2e-4 nats, else in float64.
    /// </remarks>
    /// <param name="images">[images, pixels].</param>
    /// <param name="output">Output of the decoder, [points, pixels].</param>
    /// <returns>log p(x|z), [images, points], float64, in nats.</returns>
    public virtual Tensor CrossLogLikelihood(Tensor images, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(output);
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        long imagesAtOnce = Math.Max(1, MostNumbers / Math.Max(1, output.numel()));
        Tensor OfPiece(Tensor piece)
        {
            using var inner = torch.NewDisposeScope();
            return LogLikelihood(piece, output.unsqueeze(0).expand([piece.size(0), .. output.shape])).MoveToOuterDisposeScope();
        }
        return torch.cat([.. images.split(imagesAtOnce).Select(OfPiece)]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// |x - mean|², summed over pixels: one pass over the pixels, and one more for the gradient.
    /// </summary>
    /// <param name="images">x, [..., pixels].</param>
    /// <param name="mean">The mean image, of the same shape.</param>
    /// <returns>[...].</returns>
    protected static Tensor SquaredError(Tensor images, Tensor mean) => nn.functional.mse_loss(mean, images, nn.Reduction.None).sum(-1);

    /// <summary>
    /// x·y for all rows x and y, as float64; computed in it only if float32 would be wrong by
    /// <see cref="TolerableRounding"/>.
    /// </summary>
    /// <param name="x">[..., pixels].</param>
    /// <param name="y">[..., pixels].</param>
    /// <param name="scale">The factor by which the products are going to be multiplied.</param>
    private protected static Tensor Products(Tensor x, Tensor y, double scale)
    {
        // By Cauchy and Schwarz; the errors of the single terms add up to less than this, being of either
        // sign.
        double bound = scale * SinglePrecision * Longest(x) * Longest(y);
        return bound < TolerableRounding
            ? torch.matmul(x, y.transpose(-2, -1)).to(ScalarType.Float64)
            : torch.matmul(x.to(ScalarType.Float64), y.to(ScalarType.Float64).transpose(-2, -1));
    }

    private static double Longest(Tensor rows) => rows.norm(-1).max().to(ScalarType.Float64).item<double>();
}
