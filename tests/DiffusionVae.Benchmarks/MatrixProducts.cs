using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// The matrix products of one training step and nothing else: for each layer of the two perceptrons its outputs, the gradients of its weights, and the gradients of its
/// inputs, which the first layer of the encoder does without.
/// </summary>
internal sealed class MatrixProducts : IDisposable
{
    private readonly List<(Tensor Left, Tensor Right)> factors = [];

    public MatrixProducts(DiffusionAutoencoder model, int batch, bool doubledDecoder = false)
    {
        using DisposeScope scope = NewDisposeScope();
        Add(model.Encoder, batch, inputGradientOfFirst: false);
        Add(model.Decoder, doubledDecoder ? 2 * batch : batch, inputGradientOfFirst: true);
    }

    /// <summary>Computes them all.</summary>
    public void Run()
    {
        foreach ((Tensor left, Tensor right) in factors)
        {
            mm(left, right).Dispose();
        }
    }

    public void Dispose()
    {
        foreach ((Tensor left, Tensor right) in factors)
        {
            left.Dispose();
            right.Dispose();
        }
    }

    private void Add(nn.Module network, int rows, bool inputGradientOfFirst)
    {
        bool first = true;
        foreach (Tensor parameter in network.parameters().Where(parameter => parameter.dim() == 2))
        {
            Tensor weight = parameter.detach().clone(), inputs = rand(rows, weight.size(1)), gradients = rand(rows, weight.size(0));
            Add(inputs, weight.t());
            Add(gradients.t(), inputs);
            if (!first || inputGradientOfFirst)
            {
                Add(gradients, weight);
            }
            first = false;
        }
    }

    private void Add(Tensor left, Tensor right) => factors.Add((left.alias().DetachFromDisposeScope(), right.alias().DetachFromDisposeScope()));
}
