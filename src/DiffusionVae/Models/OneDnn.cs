using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DiffusionVae.Models;

/// <summary>
/// The layers of a perceptron, with ReLU between them, by oneDNN, which libtorch brings along beside MKL and takes for convolutions only. MKL leaves AVX-512 unused on processors that are not Intel's;
/// there oneDNN's products are up to twice as fast. Not differentiable; numbers are float32.
/// </summary>
internal static class OneDnn
{
    /// <summary>Of a random product, the largest error that is rounding, as a share of the largest entry. What oneDNN gets wrong is wrong by a tenth and more.</summary>
    private const float Tolerance = 1e-3f;

    // Between layers, tensors are in a layout of oneDNN's own, "mkldnn". oneDNN 3.7 puts weights in blocks of 64 outputs and takes wrong ones for an incomplete last block, so those outputs are
    // left to MKL; the gradients of weights are right for any number.
    private const string Script = """
        def complete(weight: Tensor):
            outputs = weight.size(0)
            return outputs if outputs < 64 else outputs - outputs % 64

        def dense_outputs(x: Tensor, weight: Tensor, bias: Tensor):
            n = complete(weight)
            most = torch.mkldnn_linear(x, weight[:n], bias[:n]).to_dense()
            if n == weight.size(0):
                return most
            return torch.cat([most, torch.addmm(bias[n:], x.to_dense(), weight[n:].t())], 1)

        def forward(x: Tensor, weights: List[Tensor], biases: List[Tensor]):
            y = x.to_mkldnn()
            inputs = [y]
            for i in range(len(weights) - 1):
                if complete(weights[i]) == weights[i].size(0):
                    y = torch.mkldnn_linear(y, weights[i], biases[i])
                else:
                    y = dense_outputs(y, weights[i], biases[i]).to_mkldnn()
                y = torch.relu_(y)
                inputs.append(y)
            inputs.append(dense_outputs(y, weights[-1], biases[-1]))
            return inputs

        def backward(gradient: Tensor, inputs: List[Tensor], weights: List[Tensor], of_input: bool):
            g = gradient.to_mkldnn()
            gradients: List[Tensor] = []
            for k in range(len(weights)):
                i = len(weights) - 1 - k
                x = inputs[i]
                weight = weights[i]
                of_weight, of_bias = torch.mkldnn_linear_backward_weights(g, x, weight, True)
                gradients.append(of_bias)
                gradients.append(of_weight)
                if i > 0 or of_input:
                    n = complete(weight)
                    if n == weight.size(0):
                        g = torch.mkldnn_linear_backward_input(x.size(), g, weight)
                    else:
                        dense = gradient if k == 0 else g.to_dense()
                        most = torch.mkldnn_linear_backward_input(x.size(), dense[:, :n].to_mkldnn(), weight[:n]).to_dense()
                        g = torch.addmm(most, dense[:, n:], weight[n:]).to_mkldnn()
                if i > 0:
                    g = torch.threshold_backward(g, x, 0)
            if of_input:
                gradients.append(g.to_dense())
            return gradients

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> Compiled = new(() => torch.jit.compile(Script));

    private static readonly ConcurrentDictionary<(long Rows, long Inputs, long Outputs, int Threads), bool> Checked = [];

    /// <summary>Whether oneDNN is faster than MKL on this processor.</summary>
    public static bool IsFaster { get; } = Avx512F.IsSupported && !IsIntel();

    /// <summary>Whether layers can be evaluated here: each is checked, once for every number of rows, against the products of libtorch.</summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="weights">[outputs, inputs] of each layer.</param>
    public static bool Suits(Tensor input, IReadOnlyList<Tensor> weights) =>
        input.device_type == DeviceType.CPU && weights.Prepend(input).All(tensor => tensor.dtype == ScalarType.Float32)
        && weights.All(weight => Checked.GetOrAdd((input.size(0), weight.size(1), weight.size(0), torch.get_num_threads()), IsRight));

    /// <summary>Evaluates the layers.</summary>
    /// <returns>What goes into each layer, in oneDNN's own layout, and the outputs of the last, [rows, outputs].</returns>
    public static (Tensor[] Inputs, Tensor Outputs) Forward(Tensor input, Tensor[] weights, Tensor[] biases)
    {
        var result = (Tensor[])Compiled.Value.invoke("forward", input, weights, biases);
        return (result[..^1], result[^1]);
    }

    /// <summary>Differentiates them.</summary>
    /// <param name="gradient">That of the outputs.</param>
    /// <param name="inputs">As <see cref="Forward"/> left them.</param>
    /// <param name="weights">Of each layer.</param>
    /// <param name="ofInput">Whether the first input's gradient is wanted.</param>
    /// <returns>The gradients of the biases and of the weights, from the last layer to the first, and that of the input.</returns>
    public static Tensor[] Backward(Tensor gradient, Tensor[] inputs, Tensor[] weights, bool ofInput) =>
        (Tensor[])Compiled.Value.invoke("backward", gradient, inputs, weights, ofInput);

    private static bool IsRight((long Rows, long Inputs, long Outputs, int Threads) layer)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var generator = new Generator(1, torch.CPU);
        Tensor x = Normal(layer.Rows, layer.Inputs), weight = Normal(layer.Outputs, layer.Inputs), bias = Normal(layer.Outputs), gradient = Normal(layer.Rows, layer.Outputs);
        try
        {
            (Tensor[] inputs, Tensor outputs) = Forward(x, [weight], [bias]);
            Tensor[] gradients = Backward(gradient, inputs, [weight], ofInput: true);
            return AreClose(outputs, torch.addmm(bias, x, weight.t(), beta: 1, alpha: 1)) && AreClose(gradients[0], gradient.sum([0]))
                && AreClose(gradients[1], gradient.t().mm(x)) && AreClose(gradients[2], gradient.mm(weight));
        }
        catch (ExternalException)
        {
            // A libtorch without oneDNN.
            return false;
        }

        Tensor Normal(params long[] shape) => torch.randn(shape, generator: generator);
    }

    private static bool AreClose(Tensor value, Tensor truth) => (value - truth).abs().max().item<float>() <= Tolerance * truth.abs().max().item<float>();

    private static bool IsIntel() => X86Base.IsSupported && X86Base.CpuId(0, 0) is (_, 0x756E6547, 0x6C65746E, 0x49656E69);
}
