using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// The image under Exp of a Gaussian in the tangent space, on spaces that look the same in every direction: z
/// = Exp_p(v), v ~ N(0, t I).
/// </summary>
/// <remarks>
/// Exp is one to one as far as the injectivity radius ρ, which is the diameter of these spaces. What would
/// land beyond, a share Q = P(χ²_d > ρ²/t), is drawn from the uniform distribution instead. So nothing is
/// rejected and the density relative to the uniform one is Vol(M) N(v; 0, t I) (r / (R sin(r/R)))^(d-1) + Q,
/// r = |v|, the power being the inverse of the Jacobian of Exp.
/// </remarks>
internal static class ExponentialGaussian
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar LogTwoPi = Math.Log(2 * Math.PI);

    /// <summary>
    /// What sin(x)/x may not fall below: at the farthest point itself, where the density is infinite.
    /// </summary>
    private static readonly Scalar LeastSinc = 1e-18;

    public static Tensor Sample<T>(T manifold, RadialHeatKernel space, Tensor centres, Tensor logTime, Generator generator)
        where T : IGeodesicManifold, IClosedManifold
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using Scalar reach = space.Diameter;
        Tensor noise = torch.randn(centres.shape, centres.dtype, centres.device, generator: generator);
        Tensor tangent = manifold.ProjectTangent(centres, noise) * logTime.mul(Half).exp_();
        Tensor beyond = UnitVectors.Length(tangent).ge(reach);
        Tensor uniform = manifold.SampleUniform(noise.numel() / noise.size(-1), generator, centres.dtype).view(noise.shape);
        return torch.where(beyond, uniform, manifold.Exp(centres, tangent)).MoveToOuterDisposeScope();
    }

    public static Tensor LogRatio(IGeodesicManifold manifold, RadialHeatKernel space, Tensor centres, Tensor logTime, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using Scalar inverseRadius = 1 / space.Radius, bend = 1.0 - space.Dimension, halfDimension = space.Dimension / 2.0;
        using Scalar logVolume = space.LogVolume, halfSquaredReach = space.Diameter * space.Diameter / 2;
        Tensor logT = logTime.to(ScalarType.Float64);
        Tensor precision = logT.neg().exp_();
        Tensor distance = manifold.Distance(centres.to(ScalarType.Float64), points.to(ScalarType.Float64));
        Tensor exponent = distance.Squared().mul_(precision).mul_(Half).neg_();
        Tensor logBend = UnitVectors.Sinc(distance.mul(inverseRadius)).clamp_min_(LeastSinc).log_().mul_(bend);
        Tensor normalised = exponent.add_(logBend).sub_(logT.add(LogTwoPi).mul_(halfDimension)).add_(logVolume);
        Tensor missing = torch.special.gammaincc(torch.full_like(precision, halfDimension), precision.mul(halfSquaredReach)).log_();
        return torch.logaddexp(normalised, missing).MoveToOuterDisposeScope();
    }
}
