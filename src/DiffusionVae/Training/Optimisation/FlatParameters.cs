using TorchSharp.Modules;

namespace DiffusionVae.Training;

/// <summary>All parameters of a network as one vector, of which the network's own tensors become views.</summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly string[] names;

    public FlatParameters(nn.Module network)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        (string name, Parameter parameter)[] named = [.. network.named_parameters().Where(entry => entry.parameter.requires_grad)];
        names = [.. named.Select(entry => entry.name)];
        Tensors = [.. named.Select(entry => entry.parameter)];
        Values = torch.empty(Tensors.Sum(parameter => parameter.numel()), Tensors[0].dtype, Tensors[0].device).DetachFromDisposeScope();
        foreach ((Tensor parameter, Tensor view) in Tensors.Zip(Views(Values)))
        {
            view.copy_(parameter);
            parameter.set_(view);
        }
    }

    /// <summary>All values, one parameter behind the other.</summary>
    public Tensor Values { get; }

    /// <summary>The network's own tensors, not owned.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The parts of a vector such as <see cref="Values"/> that belong to the parameters, in their shapes.</summary>
    public IEnumerable<Tensor> Views(Tensor vector)
    {
        long start = 0;
        foreach (Tensor parameter in Tensors)
        {
            using Tensor part = vector.narrow(0, start, parameter.numel());
            yield return part.view(parameter.shape);
            start += parameter.numel();
        }
    }

    /// <summary>The last parameter, the nearest to the loss, with a value that is not finite in its tensor of a list like <see cref="Tensors"/>; or null.</summary>
    public (string Name, double Value)? LastNotFinite(IReadOnlyList<Tensor> tensors)
    {
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (NotFinite.In(tensors[i]) is { } value)
            {
                return (names[i], value);
            }
        }
        return null;
    }

    public void Dispose() => Values.Dispose();
}
