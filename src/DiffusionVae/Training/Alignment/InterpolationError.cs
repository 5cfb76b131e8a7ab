using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Training;

/// <summary>
/// Judges outputs of an encoder by data alone: how well observations follow from those whose latents are
/// nearest to their own.
/// </summary>
/// <remarks>
/// Each latent is written as a combination of its nearest ones, with weights that sum to 1 (Roweis and Saul
/// 2000); the observation should be the same combination of theirs. The error is the mean squared difference.
/// It is large where a fold lays unlike observations on one place, even if each has a like one near it: an
/// encoder that goes twice round a circle is found out.
/// </remarks>
internal sealed class InterpolationError
{
    /// <summary>Observations that are looked at.</summary>
    public const int Most = 1024;

    private readonly Tensor observations;
    private readonly LatentSpace latent;
    private readonly int neighbours;

    /// <summary>Prepares to judge.</summary>
    /// <param name="observations">[count, numbers]; the first are looked at.</param>
    /// <param name="latent">The latent space.</param>
    public InterpolationError(Tensor observations, LatentSpace latent)
    {
        this.observations = observations.narrow(0, 0, Math.Min(Most, observations.size(0)));
        this.latent = latent;
        neighbours = (int)Math.Min(2 * (latent.Dimension + 1), this.observations.size(0) - 1);
    }

    /// <summary>The error of outputs.</summary>
    /// <param name="outputs">[at least as many rows, outputs]; the first belong to the observations.</param>
    public double Of(Tensor outputs)
    {
        using var scope = torch.NewDisposeScope();
        Tensor features = latent.Features(latent.Mean(outputs.narrow(0, 0, observations.size(0)))); // [count, features]
        Tensor lengths = features.Squared().sum(-1);
        Tensor distances = lengths - (2 * features.matmul(features.t())); // [count, count], less a constant in each row
        // Held here: a number that only the call holds may be collected, and so freed, while the call runs.
        using Scalar never = float.PositiveInfinity;
        distances.diagonal().fill_(never);
        Tensor nearest = distances.topk(neighbours, 1, largest: false).indexes; // [count, k]
        Tensor weights = Weights(features, nearest);
        Tensor combined = torch.zeros_like(observations);
        for (int i = 0; i < neighbours; i++)
        {
            combined.add_(observations.index_select(0, nearest.select(1, i)) * weights.select(1, i).unsqueeze(-1));
        }
        return (observations - combined).Squared().mean().ToDouble();
    }

    /// <summary>The weights, [count, k], with which the neighbours make up each point.</summary>
    private Tensor Weights(Tensor features, Tensor nearest)
    {
        // A little of the identity decides between equal combinations, and keeps weights small.
        const double ridge = 0.01;
        Tensor those = features.index_select(0, nearest.flatten()).view(nearest.size(0), neighbours, features.size(1));
        Tensor offsets = (those - features.unsqueeze(1)).to(ScalarType.Float64);
        Tensor products = offsets.matmul(offsets.transpose(1, 2)); // [count, k, k]
        Tensor scale = products.diagonal(dim1: 1, dim2: 2).sum(-1).clamp_min(1e-12) * (ridge / neighbours);
        Tensor identity = torch.eye(neighbours, dtype: products.dtype, device: products.device);
        Tensor ones = torch.ones(products.size(0), neighbours, 1, dtype: products.dtype, device: products.device);
        Tensor solved = torch.linalg.solve(products + (identity * scale.view(-1, 1, 1)), ones).squeeze(-1);
        return (solved / solved.sum(-1, keepdim: true)).to(features.dtype);
    }
}
