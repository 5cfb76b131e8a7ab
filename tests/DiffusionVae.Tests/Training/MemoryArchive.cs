using DiffusionVae.Training;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Training;

/// <summary>Keeps the last state of training in memory.</summary>
internal sealed class MemoryArchive : ITrainingArchive, IDisposable
{
    private Dictionary<string, Tensor>? saved;

    /// <summary>The names of what was saved.</summary>
    public IEnumerable<string> Names => saved?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The steps that had been done when the state was saved.</summary>
    public long Step { get; private set; }

    public Resumption? Restore(TrainingState state)
    {
        if (saved is null)
        {
            return null;
        }
        state.Restore(saved);
        return new Resumption { Epoch = state.Epoch, Step = state.Step, Checkpoint = "memory", Repairs = [] };
    }

    public void SaveIfDue(TrainingState state) => Save(state);

    public void Save(TrainingState state)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Dispose();
        saved = state.Save().ToDictionary(entry => entry.Name, entry => entry.Tensor.detach().clone().DetachFromDisposeScope());
        Step = state.Step;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in saved?.Values ?? Enumerable.Empty<Tensor>())
        {
            tensor.Dispose();
        }
    }
}
