namespace DiffusionVae.Models;

/// <summary>
/// Independent Gaussian pixels of fixed variance about the output of the decoder (paper, section 3.1:
/// variance 1).
/// </summary>
public sealed class GaussianLikelihood : PixelLikelihood
{
    private readonly double logNormalisation;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="variance">The variance of a pixel, positive.</param>
    public GaussianLikelihood(double variance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        Variance = variance;
        logNormalisation = -0.5 * Math.Log(2 * Math.PI * variance);
    }

    /// <summary>The variance of a pixel.</summary>
    public double Variance { get; }

    /// <inheritdoc/>
    public override string Id => Variance == 1 ? "gaussian" : Invariant($"gaussian:{Variance}");

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.alias();

    internal override Tensor OutputFor(Tensor mean) => mean.alias();

    /// <inheritdoc/>
    /// <remarks>-(pixels/2) log(2πσ²) - |x - mean|² / (2σ²).</remarks>
    public override PixelScore Score(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using Scalar factor = Factor();
        using Scalar constant = images.size(-1) * logNormalisation;
        Tensor error = SquaredError(images, output);
        return new PixelScore
        {
            LogLikelihood = error.mul(factor).add_(constant).MoveToOuterDisposeScope(),
            SquaredError = error.MoveToOuterDisposeScope(),
        };
    }

    /// <inheritdoc/>
    public override Tensor LogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using Scalar factor = Factor();
        using Scalar constant = images.size(-1) * logNormalisation;
        Tensor distance = (output - images.unsqueeze(-2)).norm(-1).to(ScalarType.Float64);
        return distance.Squared().mul_(factor).add_(constant).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>By |x - y|² = |x|² - 2 x·y + |y|².</remarks>
    public override Tensor CrossLogLikelihood(Tensor images, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using Scalar factor = Factor();
        using Scalar precision = 1 / Variance;
        using Scalar constant = images.size(-1) * logNormalisation;
        Tensor products = Products(images, output, 1 / Variance).mul_(precision);
        Tensor ofImages = SquaredLength(images).mul_(factor).add_(constant);
        return products.add_(ofImages.unsqueeze(-1)).add_(SquaredLength(output).mul_(factor)).MoveToOuterDisposeScope();
    }

    // Not a field: a Scalar loads libtorch, and options are checked, and help is printed, without it.
    private Scalar Factor() => -0.5 / Variance;

    private static Tensor SquaredLength(Tensor rows) => rows.to(ScalarType.Float64).Squared().sum(-1);
}
