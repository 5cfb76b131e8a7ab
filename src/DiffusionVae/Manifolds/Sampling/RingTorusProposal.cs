namespace DiffusionVae.Manifolds;

/// <summary>
/// Wrapped Gaussians in both angles of a ring torus, of variance t/r² in u and t/(R + r cos u)² in v, at most
/// 4.
/// </summary>
internal sealed class RingTorusProposal(EmbeddedTorus torus)
{
    private readonly Scalar core = torus.CoreRadius;
    private readonly Scalar tube = torus.TubeRadius;

    /// <inheritdoc cref="IProposalManifold.SampleProposal"/>
    public Tensor Sample(Tensor centres, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor angles = torus.ToAngles(centres);
        return torus.FromAngles(WrappedGaussian.Sample(angles, Variances(angles, logTime), generator)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="IProposalManifold.LogProposalRatio"/>
    /// <remarks>The uniform density of the angles is (1 + (r/R) cos u) / 4π².</remarks>
    public Tensor LogRatio(Tensor centres, Tensor logTime, Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor start = torus.ToAngles(centres.to(ScalarType.Float64));
        Tensor end = torus.ToAngles(points.to(ScalarType.Float64));
        Tensor area = (end.narrow(-1, 0, 1).cos() * (torus.TubeRadius / torus.CoreRadius)).log1p();
        Tensor variances = Variances(start, logTime.to(ScalarType.Float64));
        return (WrappedGaussian.LogRatio(end - start, variances) - area).MoveToOuterDisposeScope();
    }

    private Tensor Variances(Tensor angles, Tensor logTime)
    {
        Tensor fromAxis = (angles.narrow(-1, 0, 1).cos() * tube) + core;
        Tensor lengths = torch.cat([torch.full_like(fromAxis, tube), fromAxis], -1); // [..., 2]
        return logTime.exp() / lengths.Squared();
    }
}
