using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Holds an encoder near the layout that it was taught: a penalty on latents that stray far from where the
/// encoder laid them at first.
/// </summary>
/// <remarks>
/// Where far observations look nearly alike, the ELBO gains little from telling them apart, and training lets
/// tears and folds grow there. The penalty stops that. Within the tolerance it is zero, so that training can
/// shape the layout as it likes: the layout itself is known only roughly.
/// </remarks>
/// <param name="model">The model; not owned.</param>
/// <param name="parameters">The parameters of its encoder; not owned.</param>
internal sealed class LayoutAnchor(DiffusionAutoencoder model, FlatParameters parameters) : IDisposable
{
    /// <summary>
    /// The squared distance that is free, as a share of that of two points drawn at random.
    /// </summary>
    private const double Tolerance = 0.1;

    /// <summary>The penalty, in nats, for each such squared distance beyond.</summary>
    private const double Strength = 20;

    private const int ShardRows = 64;

    private readonly Tensor taught = parameters.Values.clone().DetachFromDisposeScope();

    /// <summary>Registers the weights of the encoder at first.</summary>
    public void AddTo(TrainingState state) => state.Add("alignment.encoder", taught);

    /// <summary>The features of the points on which the encoder laid observations at first, [batch,
    /// features].</summary>
    /// <remarks>To be called in evaluation mode, and before the encoder is evaluated for gradients: its
    /// weights change meanwhile.</remarks>
    /// <param name="observations">[batch, numbers].</param>
    public Tensor Places(Tensor observations)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor present = parameters.Values.clone();
        parameters.Values.copy_(taught);
        using var undrawn = new Generator(0);
        Tensor[] places = Shards.Map(model, observations, ShardRows, undrawn, (rows, _) =>
        {
            using var shard = torch.no_grad();
            return model.Latent.Features(model.Encode(rows).Mean).DetachFromDisposeScope();
        });
        parameters.Values.copy_(present);
        Tensor joined = torch.cat(places, 0);
        Array.ForEach(places, part => part.Dispose());
        return joined.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The share of some points in the mean penalty of a batch, in nats; differentiable in the points.
    /// </summary>
    /// <param name="points">The points of observations, [rows, n].</param>
    /// <param name="places">Their <see cref="Places"/>.</param>
    /// <param name="count">The number of observations of the batch.</param>
    public Tensor Penalty(Tensor points, Tensor places, long count)
    {
        using var scope = torch.NewDisposeScope();
        double apart = 2 * (places - places.mean([0])).Squared().sum(-1).mean().ToDouble();
        using Scalar free = Tolerance * apart, weight = Strength / Math.Max(apart, 1e-12) / count;
        Tensor strayed = (model.Latent.Features(points) - places).Squared().sum(-1);
        return ((strayed - free).relu() * weight).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => taught.Dispose();
}
