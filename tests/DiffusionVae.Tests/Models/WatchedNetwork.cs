using static TorchSharp.torch;

namespace DiffusionVae.Tests.Models;

/// <summary>A network that tells of the number of its rows, on the thread that evaluates it.</summary>
internal sealed class WatchedNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> inner;
    private readonly Action<long> see;

    public WatchedNetwork(nn.Module<Tensor, Tensor> inner, Action<long> see)
        : base(nameof(WatchedNetwork))
    {
        (this.inner, this.see) = (inner, see);
        register_module("inner", inner);
    }

    public override Tensor forward(Tensor input)
    {
        see(input.size(0));
        return inner.forward(input);
    }
}
