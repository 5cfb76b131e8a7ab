using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Teaches an encoder, of any kind, the outputs of a layout: all of its layers, by Adam on the squared error.
/// </summary>
/// <remarks>
/// An encoder whose last layer alone is fitted knows the layout only roughly, where that is not a linear
/// function of principal components.
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="optimiser">The optimiser of its parameters, whose moments stay as they are.</param>
/// <param name="networks">Prepares the networks for each step.</param>
internal sealed class EncoderRegression(DiffusionAutoencoder model, Optimiser optimiser, NetworkMode networks)
{
    private const int Steps = 600;
    private const int BatchSize = 128;
    private const int ShardRows = 64;
    private const double HighestRate = 3e-3;
    private const int WarmupSteps = 10;

    /// <summary>Teaches the encoder.</summary>
    /// <param name="observations">[count, numbers], on the device of the encoder.</param>
    /// <param name="outputs">[count, outputs], on the same device.</param>
    /// <param name="generator">Decides the order of the observations; on the same device.</param>
    /// <param name="progress">Receives the share that is done.</param>
    public void Teach(Tensor observations, Tensor outputs, Generator generator, Action<double> progress)
    {
        using var scope = torch.NewDisposeScope();
        using var adam = new Adam(optimiser.EncoderParameters, beta2: 0.999);
        long count = observations.size(0), batch = Math.Min(BatchSize, count), next = count;
        Tensor order = torch.empty(0);
        for (int step = 0; step < Steps; step++)
        {
            if (next + batch > count)
            {
                order.Dispose();
                (order, next) = (torch.randperm(count, device: generator.device, generator: generator), 0);
            }
            using var inner = torch.NewDisposeScope();
            Tensor chosen = order.narrow(0, next, batch);
            next += batch;
            // Other seeds than those of the steps of training.
            networks.Train(-1 - step);
            // Side by side, so that both are cut alike.
            Tensor pairs = torch.cat([observations.index_select(0, chosen), outputs.index_select(0, chosen)], -1);
            Gradients[] shards = Shards.Map(model, pairs, ShardRows, generator, (rows, _) => Differentiate(rows, outputs.size(-1), batch));
            double rate = HighestRate * Math.Min(1, (step + 1.0) / WarmupSteps) * (1 + Math.Cos(Math.PI * step / Steps)) / 2;
            Action[] pieces = [.. adam.Step(rate, [.. shards.Select(shard => shard.AttachedTo(inner).Encoder)])];
            Workers.Run(pieces.Length, piece => pieces[piece]());
            progress((step + 1.0) / Steps);
        }
        networks.Evaluate();
    }

    /// <summary>The share of some rows, observations and outputs side by side, in the gradients.</summary>
    private Gradients Differentiate(Tensor rows, long outputs, long batch)
    {
        using var deferred = new DeferredProducts();
        using Scalar share = 1.0 / batch;
        long numbers = rows.size(-1) - outputs;
        Tensor found = model.Encoder.forward(rows.narrow(-1, 0, numbers)).narrow(-1, 0, outputs);
        Tensor loss = (found - rows.narrow(-1, numbers, outputs)).Squared().sum() * share;
        return optimiser.DifferentiateEncoder(loss, deferred).Detached();
    }
}
