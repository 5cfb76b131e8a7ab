using TorchSharp.Modules;

namespace DiffusionVae.Models;

/// <summary>What a likelihood learns, and what it knows of the training set.</summary>
internal sealed class LikelihoodState : nn.Module
{
    /// <summary>Takes the initial values.</summary>
    /// <param name="learnt">The parameter, which training changes.</param>
    /// <param name="known">The buffers, which it does not.</param>
    public LikelihoodState((string Name, Tensor Value) learnt, (string Name, Tensor Value)[] known)
        : base(nameof(LikelihoodState))
    {
        register_parameter(learnt.Name, new Parameter(learnt.Value));
        foreach ((string name, Tensor value) in known)
        {
            register_buffer(name, value.DetachFromDisposeScope());
        }
    }

    /// <summary>A parameter or buffer; not a new tensor.</summary>
    public Tensor this[string name] => (Tensor?)get_parameter(name) ?? get_buffer(name)
        ?? throw new ArgumentException($"There is no '{name}'.", nameof(name));
}
