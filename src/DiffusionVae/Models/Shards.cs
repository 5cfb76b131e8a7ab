namespace DiffusionVae.Models;

/// <summary>
/// A batch cut into shards of a fixed number of rows, which <see cref="Workers"/> compute side by side.
/// </summary>
/// <remarks>
/// The cut depends on the number of rows alone, and each shard has a random generator of its own, so that
/// results are the same on any number of threads. Where rows are not independent, and on a GPU, the whole
/// batch is one shard, which libtorch computes with threads of its own.
/// </remarks>
internal static class Shards
{
    /// <summary>Whether a batch is cut.</summary>
    /// <param name="model">The model that computes.</param>
    /// <param name="batch">The batch.</param>
    public static bool AreFor(DiffusionAutoencoder model, Tensor batch) =>
        model.HasIndependentRows && batch.device_type == DeviceType.CPU;

    /// <summary>Computes something of each shard.</summary>
    /// <param name="model">The model that does.</param>
    /// <param name="batch">[batch, ...], at least one row.</param>
    /// <param name="rows">The rows of a shard; the last may have fewer.</param>
    /// <param name="generator">The source of the shards' generators.</param>
    /// <param name="compute">Computes, on any thread and in a dispose scope of its own; the rows belong to
    /// the caller, and what it returns must be detached from the scope.</param>
    /// <returns>What was computed of each shard, in the order of the rows.</returns>
    public static T[] Map<T>(DiffusionAutoencoder model, Tensor batch, int rows, Generator generator, Func<Tensor, Generator, T> compute)
    {
        if (!AreFor(model, batch))
        {
            using var whole = torch.NewDisposeScope();
            return [compute(batch, generator)];
        }
        var results = new T[(batch.size(0) + rows - 1) / rows];
        ulong[] seeds = Seeds.Draw(generator, results.Length);
        Workers.Run(results.Length, shard =>
        {
            using var scope = torch.NewDisposeScope();
            using var own = new Generator(seeds[shard], CPU);
            long start = (long)shard * rows;
            results[shard] = compute(batch.narrow(0, start, Math.Min(rows, batch.size(0) - start)), own);
        });
        return results;
    }
}
