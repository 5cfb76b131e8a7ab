using DiffusionVae.Data;

namespace DiffusionVae.Models;

/// <summary>
/// Independent Gaussian values about the output of the decoder, with a variance that is learnt: one for all
/// (<c>gaussian:learned</c>), or one for each feature (<c>gaussian:learned-each</c>).
/// </summary>
/// <remarks>
/// <para>
/// The variance of feature j is u_j exp(θ) + f_j, or exp(θ_j) in place of exp(θ). The unit u_j is the
/// variance of the feature in the training set, so that one variance serves features of unlike units; for
/// images it is one number. The floor f_j is the error of rounding: a twelfth of the square of the step
/// between values, such as 1/255 for pixels of 8 bits. It is at least a millionth of u_j. Without it data
/// without noise would have an infinite density. Both are taken from the training set by
/// the model; until then u is 1 and f is 0.
/// </para>
/// <para>θ is the parameter <c>log_variance</c> times 10. Adam moves every parameter by about the learning
/// rate, and so the variance moves ten times as fast as weights do.</para>
/// </remarks>
internal sealed class LearnedGaussianLikelihood : PixelLikelihood
{
    internal const double Gain = 10;

    /// <summary>The greatest ratio of a feature's variance to its floor.</summary>
    private const double LeastShare = 1e-6;

    private static readonly GaussianLikelihood Unit = new(1);

    private readonly bool each;

    /// <summary>Creates the likelihood, with variances of 1.</summary>
    /// <param name="shape">The shape of the observations.</param>
    /// <param name="each">Whether every feature has a variance of its own.</param>
    public LearnedGaussianLikelihood(ObservationShape shape, bool each = false)
    {
        ArgumentNullException.ThrowIfNull(shape);
        this.each = each;
        // Of images with one variance all pixels have the same unit and floor.
        long units = shape.IsImage && !each ? 1 : shape.Size;
        Parameters = new LikelihoodState(
            ("log_variance", torch.zeros(each ? shape.Size : 1)), [("unit", torch.ones(units)), ("floor", torch.zeros(units))]);
    }

    /// <inheritdoc/>
    public override string Id => each ? "gaussian:learned-each" : "gaussian:learned";

    /// <inheritdoc/>
    public override nn.Module? Parameters { get; }

    private LikelihoodState State => (LikelihoodState)Parameters!;

    /// <summary>The variances, [1] or [features], in the square of the data's unit.</summary>
    /// <returns>A new tensor, differentiable in the parameter.</returns>
    public Tensor Variance()
    {
        using var scope = torch.NewDisposeScope();
        using Scalar gain = Gain;
        Tensor shares = State["log_variance"].mul(gain).exp();
        return (State["unit"] * shares + State["floor"]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.alias();

    internal override Tensor OutputFor(Tensor mean) => mean.alias();

    /// <inheritdoc/>
    /// <remarks>-½ Σ (log(2πv_j) + (x_j - mean_j)² / v_j).</remarks>
    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar half = -0.5;
        Tensor variance = Variance();
        Tensor errors = nn.functional.mse_loss(output, images, nn.Reduction.None), sum = errors.sum(-1);
        Tensor scaled = variance.numel() == 1 ? sum / variance : (errors / variance).sum(-1);
        return new PixelScore
        {
            LogLikelihood = scaled.mul(half).add(LogNormalisation(variance, images.size(-1))).MoveToOuterDisposeScope(),
            SquaredError = sum.MoveToOuterDisposeScope(),
        };
    }

    /// <inheritdoc/>
    public override Tensor LogLikelihood(Tensor images, Tensor output) =>
        OfUnitVariance((x, mean) => Unit.LogLikelihood(x, mean), images, output);

    /// <inheritdoc/>
    public override Tensor CrossLogLikelihood(Tensor images, Tensor output) =>
        OfUnitVariance((x, mean) => Unit.CrossLogLikelihood(x, mean), images, output);

    internal override void Prepare(Tensor pixels, ObservationShape shape)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor unit = FeatureStatistics.Variance(pixels, shape), step = FeatureStatistics.Step(pixels, shape);
        Tensor floor = torch.maximum(step.Squared() / 12, unit * LeastShare);
        State["unit"].copy_(unit);
        State["floor"].copy_(floor);
    }

    /// <summary>A log-likelihood of scaled values and means, less the logarithm of the scales.</summary>
    private Tensor OfUnitVariance(Func<Tensor, Tensor, Tensor> logLikelihood, Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor variance = Variance(), deviation = variance.sqrt().to(images.dtype);
        using Scalar ofUnit = 0.5 * images.size(-1) * Math.Log(2 * Math.PI);
        Tensor constant = LogNormalisation(variance.to(ScalarType.Float64), images.size(-1)).add(ofUnit);
        return logLikelihood(images / deviation, output / deviation).add_(constant).MoveToOuterDisposeScope();
    }

    /// <summary>-½ Σ log(2πv_j) over all features.</summary>
    private static Tensor LogNormalisation(Tensor variance, long features)
    {
        using Scalar factor = -0.5 * (features / variance.numel()), constant = -0.5 * features * Math.Log(2 * Math.PI);
        return variance.log().sum().mul(factor).add(constant);
    }
}
