using DiffusionVae.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Benchmarks;

/// <summary>
/// The matrix products of one training step and nothing else: for each layer of the two perceptrons its
/// outputs, the gradients of its weights, and the gradients of its inputs, which the first layer of the
/// encoder does without. By libtorch's <c>mm</c>, as the layers of TorchSharp have them, and by oneDNN, which
/// the library takes where it is faster.
/// </summary>
internal sealed class MatrixProducts : IDisposable
{
    private const string Script = """
        def convert(left: Tensor):
            return left.to_mkldnn()

        def product(left: Tensor, right: Tensor):
            return torch.mkldnn_linear(left, right)

        """;

    private readonly List<(Tensor Left, Tensor Right)> factors = [];
    private readonly List<(Tensor Left, Tensor Right)> factorsOfOneDnn = [];
    private readonly jit.CompilationUnit oneDnn = jit.compile(Script);

    public MatrixProducts(DiffusionAutoencoder model, int batch, bool doubledDecoder = false)
    {
        using DisposeScope scope = NewDisposeScope();
        Add(model.Encoder, batch, inputGradientOfFirst: false);
        Add(model.Decoder, doubledDecoder ? 2 * batch : batch, inputGradientOfFirst: true);
    }

    /// <summary>Computes them all by <c>mm</c>.</summary>
    public void Run()
    {
        foreach ((Tensor left, Tensor right) in factors)
        {
            mm(left, right).Dispose();
        }
    }

    /// <summary>
    /// Computes them all by oneDNN, its factors laid out beforehand as suits it best; the times are right, if
    /// not every number is.
    /// </summary>
    public void RunByOneDnn()
    {
        foreach ((Tensor left, Tensor right) in factorsOfOneDnn)
        {
            ((Tensor)oneDnn.invoke("product", left, right)).Dispose();
        }
    }

    public void Dispose()
    {
        foreach ((Tensor left, Tensor right) in factors.Concat(factorsOfOneDnn))
        {
            left.Dispose();
            right.Dispose();
        }
        oneDnn.Dispose();
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

    private void Add(Tensor left, Tensor right)
    {
        factors.Add((left.alias().DetachFromDisposeScope(), right.alias().DetachFromDisposeScope()));
        var converted = (Tensor)oneDnn.invoke("convert", left.contiguous());
        factorsOfOneDnn.Add((converted.DetachFromDisposeScope(), right.t().contiguous().DetachFromDisposeScope()));
    }
}
