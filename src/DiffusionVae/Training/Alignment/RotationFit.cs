using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Training;

/// <summary>Fits rotations that bring coordinates of observations near to a latent space.</summary>
/// <remarks>
/// Two steps alternate: every point is projected to the latent space, and the rotation is fitted to the
/// projections (orthogonal Procrustes problem; Schönemann 1966), as in the registration of point sets (Besl
/// and McKay 1992).
/// </remarks>
internal sealed class RotationFit
{
    private const int PriorSample = 10_000;

    private readonly LatentSpace latent;
    private readonly Tensor spread;
    private readonly Tensor inverse;

    /// <summary>Prepares to fit. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="generator">The source of random draws.</param>
    public RotationFit(LatentSpace latent, Generator generator)
    {
        this.latent = latent;
        Tensor sample = latent.Prior is { } prior
            ? prior.Sample(PriorSample, generator)
            : latent.Project(torch.randn([PriorSample, latent.AmbientDimension], device: generator.device, generator: generator));
        Tensor centred = sample - sample.mean([0]);
        (Tensor variances, Tensor axes) = torch.linalg.eigh(centred.t().matmul(centred) / PriorSample);
        Tensor deviations = variances.sqrt();
        // The square root of the covariance of the prior, and its inverse. The root stretches coordinates of
        // variance 1 to the extent of the latent space.
        (spread, inverse) = ((axes * deviations).matmul(axes.t()), (axes / deviations).matmul(axes.t()));
    }

    /// <summary>The rotation near a given one that brings coordinates nearest to the latent space.</summary>
    /// <param name="coordinates">[count, m], of variance 1.</param>
    /// <param name="start">[m, n], m at least n.</param>
    /// <param name="rounds">How often the two steps alternate.</param>
    /// <returns>[m, n].</returns>
    public Tensor Refine(Tensor coordinates, Tensor start, int rounds)
    {
        Tensor rotation = start;
        for (int round = 0; round < rounds; round++)
        {
            using var scope = torch.NewDisposeScope();
            Tensor nearest = latent.Project(Lay(coordinates, rotation)).matmul(inverse);
            (Tensor left, _, Tensor right) = torch.linalg.svd(coordinates.t().matmul(nearest), fullMatrices: false);
            rotation = left.matmul(right).MoveToOuterDisposeScope();
        }
        return rotation;
    }

    /// <summary>Points near the latent space, [count, n], from coordinates and a rotation.</summary>
    public Tensor Lay(Tensor coordinates, Tensor rotation) => coordinates.matmul(rotation).matmul(spread);

    /// <summary>
    /// How far points are from the latent space: the sum of their squared distances from it, relative to that
    /// of the squared lengths of the nearest points.
    /// </summary>
    public double Residual(Tensor laid)
    {
        using var scope = torch.NewDisposeScope();
        Tensor nearest = latent.Project(laid);
        return (laid - nearest).Squared().sum().ToDouble() / nearest.Squared().sum().ToDouble();
    }
}
