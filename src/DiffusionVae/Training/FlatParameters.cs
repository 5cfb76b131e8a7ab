using TorchSharp.Modules;

namespace DiffusionVae.Training;

/// <summary>All parameters of a network as one vector, and all gradients as another, of which the network's own tensors become views.</summary>
/// <remarks>An optimiser then makes one pass over memory where it would make several for each tensor.</remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly (string Name, long Count)[] parts;

    public FlatParameters(nn.Module network)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        (string name, Parameter parameter)[] named = [.. network.named_parameters().Where(entry => entry.parameter.requires_grad)];
        Parameter[] parameters = [.. named.Select(entry => entry.parameter)];
        parts = [.. named.Select(entry => (entry.name, entry.parameter.numel()))];
        Tensor first = parameters[0];
        Values = torch.empty(parameters.Sum(parameter => parameter.numel()), first.dtype, first.device).DetachFromDisposeScope();
        Gradients = torch.zeros_like(Values).DetachFromDisposeScope();
        long start = 0;
        foreach (Parameter parameter in parameters)
        {
            Tensor view = Values.narrow(0, start, parameter.numel()).view(parameter.shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = Gradients.narrow(0, start, parameter.numel()).view(parameter.shape).DetachFromDisposeScope();
            start += parameter.numel();
        }
    }

    public Tensor Values { get; }

    public Tensor Gradients { get; }

    /// <summary>The sum of all gradients: finite if they all are, unless they come near the greatest number of their type.</summary>
    public double GradientSum()
    {
        using var scope = torch.NewDisposeScope();
        return Gradients.sum().ToDouble();
    }

    /// <summary>
    /// The last parameter, the nearest to the loss, with a value that is not finite in a vector such as <see cref="Gradients"/>; or null.
    /// </summary>
    public (string Name, double Value)? LastNotFinite(Tensor vector)
    {
        using var scope = torch.NewDisposeScope();
        long end = vector.numel();
        foreach ((string name, long count) in parts.Reverse())
        {
            end -= count;
            if (NotFinite.In(vector.narrow(0, end, count)) is { } value)
            {
                return (name, value);
            }
        }
        return null;
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
