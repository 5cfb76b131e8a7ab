using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Switches the networks of a model between training and evaluation, and keeps what they have beside their
/// parameters: buffers, such as the running means of batch normalisation, and draws from torch's global
/// generator, such as dropout's.
/// </summary>
/// <remarks>
/// The global generator gets a new seed in every step, a function of the run's seed and the step. So nothing
/// that is drawn from it between two steps changes training, and a run that is resumed draws as one that was
/// never interrupted, on every device. Perceptrons have neither modes nor buffers nor draws: for them nothing
/// is done.
/// </remarks>
internal sealed class NetworkMode : IDisposable
{
    private readonly DiffusionAutoencoder model;
    private readonly long seed;
    private readonly bool isIndifferent;

    public NetworkMode(DiffusionAutoencoder model, long seed)
    {
        (this.model, this.seed) = (model, seed);
        isIndifferent = model is { Encoder: Mlp, Decoder: Mlp };
        Evaluate();
    }

    /// <summary>Registers the buffers of the networks, which change in place.</summary>
    public void AddTo(TrainingState state)
    {
        foreach ((string name, Tensor buffer) in model.named_buffers())
        {
            state.Add($"buffer.{name}", buffer);
        }
    }

    /// <summary>Prepares the networks for a step.</summary>
    /// <param name="step">The step, which decides their random draws.</param>
    public void Train(long step)
    {
        if (!isIndifferent)
        {
            model.train();
            Seeds.SeedGlobalGenerator(seed, RandomPurpose.Networks, step);
        }
    }

    /// <summary>Prepares the networks for everything but a step.</summary>
    public void Evaluate()
    {
        if (!isIndifferent)
        {
            model.eval();
        }
    }

    public void Dispose() => Evaluate();
}
