using TorchSharp.Modules;

namespace DiffusionVae.Training;

/// <summary>
/// All parameters of networks as one vector; the networks' own tensors become views of it.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly string[] names;

    public FlatParameters(params nn.Module[] networks)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        (string name, Parameter parameter)[] named =
            [.. networks.SelectMany(network => network.named_parameters()).Where(entry => entry.parameter.requires_grad)];
        names = [.. named.Select(entry => entry.name)];
        Tensors = [.. named.Select(entry => entry.parameter)];
        Values = torch.empty(Tensors.Sum(parameter => parameter.numel()), Tensors[0].dtype, Tensors[0].device).DetachFromDisposeScope();
        foreach ((Tensor parameter, Tensor view) in Tensors.Zip(Views(Values)))
        {
            view.copy_(parameter);
            parameter.set_(view);
        }
    }

    /// <summary>The values of all parameters, one parameter after the other.</summary>
    public Tensor Values { get; }

    /// <summary>The network's own tensors; not owned.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>
    /// The parts of a vector such as <see cref="Values"/> that belong to the parameters, in their shapes.
    /// </summary>
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

    /// <summary>Finds a tensor with a value that is not finite.</summary>
    /// <param name="tensors">A tensor for each parameter.</param>
    /// <returns>The last such parameter, which is nearest to the loss, and the value; null if all values are
    /// finite.</returns>
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
