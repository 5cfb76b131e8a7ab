namespace DiffusionVae.Models;

/// <summary>
/// Independent counts with a Poisson distribution; the output of the decoder is the logarithm of their mean.
/// </summary>
internal sealed class PoissonLikelihood : PixelLikelihood
{
    /// <inheritdoc/>
    public override string Id => "poisson";

    internal override bool NeedsCounts => true;

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.exp();

    internal override Tensor OutputFor(Tensor mean) => LogOfMean(mean);

    /// <inheritdoc/>
    /// <remarks>Σ x l - exp l - log x!, for counts x and outputs l.</remarks>
    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        Tensor mean = output.exp();
        Tensor logLikelihood = ((images * output) - mean).sum(-1) - LogFactorials(images).to(output.dtype);
        using (torch.no_grad())
        {
            return new PixelScore
            {
                LogLikelihood = logLikelihood.MoveToOuterDisposeScope(),
                SquaredError = SquaredError(images, mean).MoveToOuterDisposeScope(),
            };
        }
    }

    /// <inheritdoc/>
    public override Tensor CrossLogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor products = Products(images, output, 1).sub_(LogFactorials(images).unsqueeze(-1));
        return products.sub_(output.to(ScalarType.Float64).exp().sum(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>Σ log x!, [...], float64.</summary>
    private static Tensor LogFactorials(Tensor counts)
    {
        using Scalar one = 1;
        return counts.to(ScalarType.Float64).add(one).lgamma().sum(-1);
    }

    /// <summary>The logarithm of a mean count; of no counts at all that of a thousandth.</summary>
    internal static Tensor LogOfMean(Tensor mean)
    {
        using Scalar least = 1e-3;
        return mean.clamp_min(least).log();
    }
}
