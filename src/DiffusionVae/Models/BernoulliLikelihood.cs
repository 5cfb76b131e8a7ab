namespace DiffusionVae.Models;

/// <summary>Independent pixels, each 1 with a probability whose logit is the output of the decoder.</summary>
public sealed class BernoulliLikelihood : PixelLikelihood
{
    /// <inheritdoc/>
    public override string Id => "bernoulli";

    /// <inheritdoc/>
    public override bool NeedsProbabilities => true;

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.sigmoid();

    /// <inheritdoc/>
    /// <remarks>Σ x·l - log(1 + exp l), for pixels x and logits l.</remarks>
    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        Tensor logLikelihood = ((images * output) - nn.functional.softplus(output)).sum(-1);
        using (torch.no_grad())
        {
            return new PixelScore
            {
                LogLikelihood = logLikelihood.MoveToOuterDisposeScope(),
                SquaredError = SquaredError(images, output.sigmoid()).MoveToOuterDisposeScope(),
            };
        }
    }

    /// <inheritdoc/>
    public override Tensor LogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor products = Products(images.unsqueeze(-2), output, 1).squeeze(-2);
        return products.sub_(LogNormalisation(output)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor CrossLogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        return Products(images, output, 1).sub_(LogNormalisation(output)).MoveToOuterDisposeScope();
    }

    private static Tensor LogNormalisation(Tensor output) => nn.functional.softplus(output).sum(-1, type: ScalarType.Float64);
}
