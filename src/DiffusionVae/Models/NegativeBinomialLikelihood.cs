using DiffusionVae.Data;

namespace DiffusionVae.Models;

/// <summary>
/// Independent counts with a negative binomial distribution. The output of the decoder is the logarithm of
/// their mean; every feature j has a number r_j that is learnt.
/// </summary>
/// <remarks>
/// A count of mean μ has the variance μ + μ²/r: more than a Poisson distribution, which it becomes as r
/// grows. Such are counts of genes. log r is the parameter <c>log_size</c> times 10, for the reason that
/// <see cref="LearnedGaussianLikelihood"/> gives.
/// </remarks>
internal sealed class NegativeBinomialLikelihood : PixelLikelihood
{
    private const double Gain = LearnedGaussianLikelihood.Gain;

    /// <summary>Creates the likelihood, with all r = 1.</summary>
    /// <param name="shape">The shape of the observations.</param>
    public NegativeBinomialLikelihood(ObservationShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Parameters = new LikelihoodState(("log_size", torch.zeros(shape.Size)), []);
    }

    /// <inheritdoc/>
    public override string Id => "negative-binomial";

    /// <inheritdoc/>
    public override nn.Module? Parameters { get; }

    private LikelihoodState State => (LikelihoodState)Parameters!;

    internal override bool NeedsCounts => true;

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.exp();

    internal override Tensor OutputFor(Tensor mean) => PoissonLikelihood.LogOfMean(mean);

    /// <summary>log r of each feature, [features]: a new tensor, differentiable in the parameter.</summary>
    public Tensor LogSize()
    {
        using Scalar gain = Gain;
        return State["log_size"].mul(gain);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Σ log Γ(x + r) - log Γ(r) - log x! - r log(1 + μ/r) - x log(1 + r/μ), for counts x of mean μ = exp l.
    /// </remarks>
    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        Tensor logSize = LogSize();
        Tensor ofMean = ((logSize.exp() * nn.functional.softplus(output - logSize))
            + (images * nn.functional.softplus(logSize - output))).sum(-1);
        Tensor logLikelihood = OfCounts(images, logSize).to(output.dtype) - ofMean;
        using (torch.no_grad())
        {
            return new PixelScore
            {
                LogLikelihood = logLikelihood.MoveToOuterDisposeScope(),
                SquaredError = SquaredError(images, output.exp()).MoveToOuterDisposeScope(),
            };
        }
    }

    /// <inheritdoc/>
    public override Tensor CrossLogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor logSize = LogSize().to(ScalarType.Float64), outputs = output.to(ScalarType.Float64);
        Tensor ofPoints = (logSize.exp() * nn.functional.softplus(outputs - logSize)).sum(-1);
        Tensor products = Products(images.to(ScalarType.Float64), nn.functional.softplus(logSize - outputs), 1);
        return (OfCounts(images, logSize).unsqueeze(-1) - products - ofPoints).MoveToOuterDisposeScope();
    }

    /// <summary>r = m² / (v - m) by the mean m and the variance v of each feature, between 0.1 and
    /// 1000.</summary>
    internal override void Prepare(Tensor pixels, ObservationShape shape)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using Scalar none = 1e-6, least = 0.1, most = 1000;
        Tensor mean = pixels.mean([0]), excess = (pixels - mean).Squared().mean([0]) - mean;
        Tensor size = (mean.Squared() / excess.clamp_min(none)).clamp(least, most);
        State["log_size"].copy_(size.log() / Gain);
    }

    /// <summary>
    /// Σ log Γ(x + r) - log Γ(r) - log x!, [...], float64: for large r the difference of large numbers.
    /// </summary>
    private static Tensor OfCounts(Tensor counts, Tensor logSize)
    {
        using Scalar one = 1;
        Tensor x = counts.to(ScalarType.Float64), size = logSize.to(ScalarType.Float64).exp();
        return ((x + size).lgamma() - size.lgamma() - x.add(one).lgamma()).sum(-1);
    }
}
