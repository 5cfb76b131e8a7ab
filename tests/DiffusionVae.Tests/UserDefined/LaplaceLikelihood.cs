using DiffusionVae.Models;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.UserDefined;

/// <summary>Independent pixels with the density exp(-|x - m|/b) / 2b, m being the decoder's output.</summary>
internal sealed class LaplaceLikelihood(double scale) : PixelLikelihood
{
    public override string Id => FormattableString.Invariant($"laplace:{scale}");

    public override Tensor Mean(Tensor output) => output.alias();

    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = NewDisposeScope();
        Tensor logLikelihood = ((images - output).abs() / -scale).sum(-1) - (images.size(-1) * Math.Log(2 * scale));
        return new PixelScore
        {
            LogLikelihood = logLikelihood.MoveToOuterDisposeScope(),
            SquaredError = SquaredError(images, output).MoveToOuterDisposeScope(),
        };
    }
}
