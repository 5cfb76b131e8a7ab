namespace DiffusionVae.Manifolds;

/// <summary>Gaussians wrapped round circles: angles θ + sqrt(v) ε modulo 2π.</summary>
internal static class WrappedGaussian
{
    /// <summary>
    /// The widest that is used, nearly uniform already. Up to here the density is, to 1e-13, the sum over
    /// seven images.
    /// </summary>
    private static readonly Scalar LargestVariance = 4.0;
    private static readonly double[] Turns = [-6 * Math.PI, -4 * Math.PI, -2 * Math.PI, 0, 2 * Math.PI, 4 * Math.PI, 6 * Math.PI];
    private static readonly Scalar OneTurn = 2 * Math.PI;
    private static readonly Scalar PartOfTurn = 1 / (2 * Math.PI);
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Draws angles about given ones.</summary>
    /// <param name="angles">[..., k].</param>
    /// <param name="variance">Broadcast against the angles; taken for the largest where it is larger.</param>
    /// <param name="generator">The source of the draws.</param>
    /// <returns>[..., k], in the caller's scope like all else here.</returns>
    public static Tensor Sample(Tensor angles, Tensor variance, Generator generator) =>
        angles + (torch.randn(angles.shape, angles.dtype, angles.device, generator: generator) * variance.clamp_max(LargestVariance)
            .sqrt_());

    /// <summary>The logarithm of the density relative to the uniform one, summed over the circles.</summary>
    /// <param name="differences">Angles less the centres, [..., k], float64.</param>
    /// <param name="variance">As above, float64.</param>
    /// <returns>[..., 1].</returns>
    public static Tensor LogRatio(Tensor differences, Tensor variance)
    {
        Tensor nearest = differences - differences.mul(PartOfTurn).round_().mul_(OneTurn);
        Tensor used = variance.clamp_max(LargestVariance);
        Tensor images = nearest.unsqueeze(-1) + torch.tensor(Turns, dtype: ScalarType.Float64, device: differences.device);
        Tensor logSum = images.Squared().mul_(Half).neg_().div_(used.unsqueeze(-1)).logsumexp(-1);
        return logSum.sub_(used.log_().mul_(Half)).add_(HalfLogTwoPi).sum(-1, keepdim: true);
    }
}
