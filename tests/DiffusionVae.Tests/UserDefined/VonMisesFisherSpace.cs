using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.UserDefined;

/// <summary>
/// The sphere S² with von Mises-Fisher posteriors, whose density is proportional to exp(κ μ·z) (Davidson et
/// al. 2018). log t holds -log κ.
/// </summary>
/// <param name="hasPrior">Whether the prior is supplied.</param>
internal sealed class VonMisesFisherSpace(bool hasPrior = true) : LatentSpace(new Sphere(2))
{
    public override string Id => "von-mises-fisher:2";

    public override LatentPrior? Prior { get; } = hasPrior ? LatentPrior.CreateUniform(new Sphere(2)) : null;

    /// <summary>κ between 0.1 and 1000.</summary>
    public override Tensor LogTime(Tensor output) => output.clamp(-Math.Log(1000), -Math.Log(0.1));

    /// <summary>
    /// The height over the plane by inversion of its distribution function, the direction in the plane
    /// uniform.
    /// </summary>
    public override Tensor Sample(Posterior posterior, Generator generator)
    {
        using var scope = NewDisposeScope();
        Tensor mean = posterior.Mean, kappa = posterior.LogTime.neg().exp();
        Tensor u = rand([mean.size(0), 1], mean.dtype, mean.device, generator: generator);
        Tensor height = (1 + ((u + ((1 - u) * (-2 * kappa).exp())).log() / kappa)).clamp(-1, 1);
        Tensor direction = randn(mean.shape, mean.dtype, mean.device, generator: generator);
        Tensor tangent = nn.functional.normalize(direction - ((direction * mean).sum(-1, keepdim: true) * mean), dim: -1);
        Tensor radius = ((1 - (height * height)).clamp_min(1e-12)).sqrt();
        return ((height * mean) + (radius * tangent)).MoveToOuterDisposeScope();
    }

    /// <summary>log(κ / sinh κ) + κ coth κ - 1.</summary>
    public override Tensor Divergence(Posterior posterior)
    {
        using var scope = NewDisposeScope();
        Tensor kappa = posterior.LogTime.neg().exp(), tail = (-2 * kappa).exp();
        Tensor logSinh = kappa + (1 - tail).log() - Math.Log(2);
        Tensor divergence = kappa.log() - logSinh + (kappa * (1 + tail) / (1 - tail)) - 1;
        return divergence.MoveToOuterDisposeScope();
    }
}
