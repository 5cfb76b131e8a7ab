using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>What a step needs of its batch: the terms of the ELBO, and the gradients of the loss.</summary>
/// <param name="Terms">The terms, without a graph.</param>
/// <param name="OfShards">The gradients of each shard of the batch; their sum is that of the loss.</param>
internal sealed record StepGradients(ElboTerms Terms, IReadOnlyList<Gradients> OfShards)
{
    /// <summary>
    /// The shards of a batch, at most, and the rows of a shard, at least. More shards would occupy more
    /// threads; each of them reads all weights.
    /// </summary>
    private const int MostShards = 4, LeastRows = 64;

    /// <summary>Computes them, shard by shard.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimiser">The optimiser of its parameters.</param>
    /// <param name="batch">[batch, pixels].</param>
    /// <param name="noise">The source of the samples.</param>
    /// <param name="samples">The number of samples of each posterior.</param>
    /// <param name="schedule">The weight of the divergence, and whether the encoder rests.</param>
    /// <param name="scope">The dispose scope to which the tensors returned belong.</param>
    /// <param name="anchor">What holds the encoder near its layout; null if there is none.</param>
    /// <param name="places">Where the encoder laid the batch at first; null where nothing holds it.</param>
    public static StepGradients Compute(
        DiffusionAutoencoder model,
        Optimiser optimiser,
        Tensor batch,
        Generator noise,
        int samples,
        StepSchedule schedule,
        DisposeScope scope,
        LayoutAnchor? anchor = null,
        Tensor? places = null)
    {
        long count = batch.size(0);
        int shardRows = (int)Math.Max(LeastRows, (count + MostShards - 1) / MostShards);
        // Side by side, so that both are cut alike.
        Tensor cut = places is null ? batch : torch.cat([batch, places], -1);
        (ElboTerms Terms, Gradients Gradients)[] shards = Shards.Map(model, cut, shardRows, noise, (rows, generator) =>
        {
            using var deferred = new DeferredProducts();
            ElboTerms terms = model.Elbo(rows.narrow(-1, 0, batch.size(-1)), generator, samples);
            Tensor loss = Loss(terms, schedule.KlWeight, count);
            if (places is not null)
            {
                loss = loss + anchor!.Penalty(terms.Posterior.Mean, rows.narrow(-1, batch.size(-1), places.size(-1)), count);
            }
            Gradients gradients = optimiser.Differentiate(loss, schedule.EncoderRests, deferred);
            return (terms.Detached(), gradients.Detached());
        });
        return new StepGradients(
            ElboTerms.Join([.. shards.Select(shard => shard.Terms.AttachedTo(scope))]),
            [.. shards.Select(shard => shard.Gradients.AttachedTo(scope))]);
    }

    /// <summary>
    /// The share of some images in the negative mean ELBO, with a weight on its divergence.
    /// </summary>
    private static Tensor Loss(ElboTerms terms, double klWeight, long count)
    {
        using Scalar weight = klWeight, share = 1.0 / count;
        return (terms.Divergence.sum(-1) * weight - terms.LogLikelihood).sum() * share;
    }
}
