using TorchSharp.Modules;

namespace DiffusionVae.Training;

/// <summary>All parameters of a network as one vector, and all gradients as another, of which the network's own tensors become views.</summary>
/// <remarks>An optimiser then makes one pass over memory where it would make several for each tensor.</remarks>
internal sealed class FlatParameters : IDisposable
{
    public FlatParameters(nn.Module network)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Parameter[] parameters = [.. network.parameters().Where(parameter => parameter.requires_grad)];
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

    public bool AreFinite()
    {
        using var scope = torch.NewDisposeScope();
        return Values.isfinite().all().item<bool>();
    }

    /// <summary>The sum of all gradients: finite if they all are, unless they come near the greatest number of their type.</summary>
    public double GradientSum()
    {
        using var scope = torch.NewDisposeScope();
        return Gradients.sum().ToDouble();
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
