namespace DiffusionVae.Manifolds;

/// <summary>Unit vectors of the last axis: the arithmetic that spheres and tori share.</summary>
internal static class UnitVectors
{
    /// <summary>
    /// Squared length under which a vector has no direction: its inverse square root is far from overflow in
    /// float32.
    /// </summary>
    internal const double TinySquare = 1e-24;
    private static readonly Scalar Tiny = TinySquare;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Zero = 0.0;

    /// <summary>x / |x|; the first basis vector, with zero gradient, where x vanishes.</summary>
    /// <remarks>
    /// The result belongs to the current dispose scope, and so do temporaries: callers open one.
    /// </remarks>
    public static Tensor Normalise(Tensor x)
    {
        Tensor squared = x.Squared().sum(-1, keepdim: true);
        Tensor vanishing = squared.lt(Tiny);
        Tensor unit = x * squared.masked_fill(vanishing, One).rsqrt();
        Tensor pole = torch.zeros(x.size(-1), dtype: x.dtype, device: x.device);
        pole[0].fill_(One);
        return torch.where(vanishing, pole, unit);
    }

    /// <summary>
    /// The angle between unit vectors, [..., 1], by 2 atan2(|p - q|, |p + q|): accurate at 0 and at π
    /// (Kahan).
    /// </summary>
    public static Tensor Angle(Tensor p, Tensor q) => torch.atan2(Length(p - q), Length(p + q)) * Two;

    /// <summary>|x| with gradient zero, not NaN, at x = 0.</summary>
    public static Tensor Length(Tensor x)
    {
        if (!(x.requires_grad && torch.is_grad_enabled()))
        {
            return SquaredLength(x).sqrt();
        }
        Tensor squared = x.Squared().sum(-1, keepdim: true);
        Tensor vanishing = squared.eq(Zero);
        return squared.masked_fill(vanishing, One).sqrt().masked_fill(vanishing, Zero);
    }

    /// <summary>|x|², where no gradient is wanted: libtorch is slow at sums of two numbers.</summary>
    private static Tensor SquaredLength(Tensor x) =>
        x.size(-1) == 2
        ? x.narrow(-1, 0, 1).Squared().add_(x.narrow(-1, 1, 1).Squared())
        : x.Squared().sum(-1, keepdim: true);

    /// <summary>sin(x) / x, also at zero.</summary>
    public static Tensor Sinc(Tensor x) => torch.special.sinc(x * InversePi);

    private static readonly Scalar Two = 2.0;
    private static readonly Scalar InversePi = 1 / Math.PI;
}
