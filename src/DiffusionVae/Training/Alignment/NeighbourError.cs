using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Training;

/// <summary>
/// Judges outputs of an encoder by data alone: the mean squared error of replacing each observation by the
/// one whose latent is nearest to its own. It is small where like observations lie close together.
/// </summary>
/// <param name="observations">[count, numbers].</param>
/// <param name="latent">The latent space.</param>
internal sealed class NeighbourError(Tensor observations, LatentSpace latent)
{
    /// <summary>The error of outputs.</summary>
    /// <param name="outputs">[at least count, outputs]; the first rows belong to the observations.</param>
    public double Of(Tensor outputs)
    {
        using var scope = torch.NewDisposeScope();
        Tensor features = latent.Features(latent.Mean(outputs.narrow(0, 0, observations.size(0)))); // [count, features]
        Tensor lengths = features.Squared().sum(-1);
        Tensor distances = lengths - (2 * features.matmul(features.t())); // [count, count], less a constant in each row
        Tensor itself = torch.eye(distances.size(0), dtype: ScalarType.Bool, device: distances.device);
        // Held here: a number that only the call holds may be collected, and so freed, while the call runs.
        using Scalar never = float.PositiveInfinity;
        Tensor neighbours = distances.masked_fill(itself, never).argmin(1);
        return (observations - observations.index_select(0, neighbours)).Squared().mean().ToDouble();
    }
}
