namespace DiffusionVae.Manifolds;

/// <summary>
/// A closed manifold on which points about a given one can be drawn from a distribution whose density is
/// known exactly.
/// </summary>
/// <remarks>
/// The likelihood of an image is estimated with such draws. The distribution need not be that of Brownian
/// motion, only near it, so that weights are even; its density has to be that of the draws.
/// </remarks>
public interface IProposalManifold : IClosedManifold
{
    /// <summary>Draws a point about each centre; not differentiable.</summary>
    /// <param name="centres">[..., n].</param>
    /// <param name="logTime">log t, [..., 1]: how wide the distribution is.</param>
    /// <param name="generator">The source of the draws, on the device of the centres.</param>
    /// <returns>[..., n].</returns>
    Tensor SampleProposal(Tensor centres, Tensor logTime, Generator generator);

    /// <summary>
    /// The logarithm of the density of <see cref="SampleProposal"/> relative to the uniform one.
    /// </summary>
    /// <param name="centres">[..., n], broadcast against the points.</param>
    /// <param name="logTime">log t, [..., 1], broadcast too.</param>
    /// <param name="points">Where to evaluate, [..., n].</param>
    /// <returns>[..., 1], float64.</returns>
    Tensor LogProposalRatio(Tensor centres, Tensor logTime, Tensor points);
}
