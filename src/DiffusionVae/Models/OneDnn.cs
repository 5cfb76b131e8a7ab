using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DiffusionVae.Models;

/// <summary>
/// The layers of a perceptron, with ReLU between them, computed by oneDNN. libtorch contains oneDNN beside
/// MKL and uses it for convolutions only. MKL leaves AVX-512 unused on processors that are not Intel's. On
/// some of them oneDNN's products are up to twice as fast. Not differentiable; numbers are float32.
/// </summary>
internal static class OneDnn
{
    /// <summary>
    /// The largest error of a random product that counts as rounding, as a share of the largest entry. The
    /// wrong products that were seen are wrong by a twentieth and more.
    /// </summary>
    private const float Tolerance = 1e-3f;

    /// <summary>Zen 5; before it, AVX-512 took two halves one after the other, and gained nothing.</summary>
    private const int FirstOfFullWidth = 0x1A;

    // oneDNN has its own layout for tensors, "mkldnn", and blocks of 64 outputs and 16 inputs for weights.
    // Where a weight does not fill its blocks, oneDNN 3.7 computes wrong products on some processors. So
    // oneDNN gets the full blocks and libtorch the rest. The gradients of weights are right for any number
    // of outputs.
    private const string Script = """
        def full_blocks(weight: Tensor):
            return weight.size(0) // 64 * 64 if weight.size(1) % 16 == 0 else 0

        def converted(x: Tensor):
            return x if x.is_mkldnn else x.to_mkldnn()

        def dense(x: Tensor):
            return x.to_dense() if x.is_mkldnn else x

        def forward(x: Tensor, weights: List[Tensor], biases: List[Tensor]):
            y = x
            inputs: List[Tensor] = []
            for i in range(len(weights)):
                weight = weights[i]
                n = full_blocks(weight)
                y = converted(y) if n > 0 else dense(y)
                inputs.append(y)
                if n == weight.size(0):
                    y = torch.mkldnn_linear(y, weight, biases[i])
                elif n == 0:
                    y = torch.addmm(biases[i], y, weight.t())
                else:
                    rest = torch.addmm(biases[i][n:], y.to_dense(), weight[n:].t())
                    y = torch.cat([torch.mkldnn_linear(y, weight[:n], biases[i][:n]).to_dense(), rest], 1)
                if i + 1 < len(weights):
                    y = torch.relu_(y)
            inputs.append(dense(y))
            return inputs

        def backward(gradient: Tensor, inputs: List[Tensor], weights: List[Tensor], of_input: bool):
            g = gradient
            gradients: List[Tensor] = []
            for k in range(len(weights)):
                i = len(weights) - 1 - k
                x = inputs[i]
                weight = weights[i]
                n = full_blocks(weight)
                narrow = weight.size(1) < 16
                if n > 0:
                    of_weight, of_bias = torch.mkldnn_linear_backward_weights(converted(g), x, weight, True)
                else:
                    g = dense(g)
                    of_weight = x.t().mm(g).t() if narrow else g.t().mm(x)
                    of_bias = g.sum(0)
                gradients.append(of_bias)
                gradients.append(of_weight)
                if i > 0 or of_input:
                    if n == weight.size(0):
                        g = torch.mkldnn_linear_backward_input(x.size(), converted(g), weight)
                    elif n == 0:
                        g = g.mm(weight.t().contiguous().t() if narrow else weight)
                    else:
                        g = dense(g)
                        most = torch.mkldnn_linear_backward_input(x.size(), g[:, :n].to_mkldnn(), weight[:n]).to_dense()
                        g = torch.addmm(most, g[:, n:], weight[n:]).to_mkldnn()
                if i > 0:
                    g = torch.threshold_backward(g, x, 0)
            if of_input:
                gradients.append(dense(g))
            return gradients

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> Compiled = new(() => torch.jit.compile(Script));

    private static readonly ConcurrentDictionary<(long Rows, long Inputs, long Outputs, int Threads), bool> Checked = [];

    /// <summary>
    /// Whether oneDNN is faster than MKL on this processor: on AMD's, if they compute with all 512 bits at
    /// once.
    /// </summary>
    public static bool IsFaster { get; } = Avx512F.IsSupported && IsAmd() && Family() >= FirstOfFullWidth;

    /// <summary>
    /// Whether layers can be evaluated here: each is checked, once for every number of rows, against the
    /// products of libtorch.
    /// </summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="weights">[outputs, inputs] of each layer.</param>
    public static bool IsApplicable(Tensor input, IEnumerable<Tensor> weights)
    {
        (long rows, int threads) = (input.size(0), torch.get_num_threads());
        return input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32
            && weights.All(weight => weight.dtype == ScalarType.Float32
                && Checked.GetOrAdd((rows, weight.size(1), weight.size(0), threads), IsRight));
    }

    /// <summary>Evaluates the layers.</summary>
    /// <returns>
    /// The input of each layer, in the layout that the layer uses, and the outputs of the last, [rows,
    /// outputs].
    /// </returns>
    public static (Tensor[] Inputs, Tensor Outputs) Forward(Tensor input, Tensor[] weights, Tensor[] biases)
    {
        var result = (Tensor[])Compiled.Value.invoke("forward", input, weights, biases);
        return (result[..^1], result[^1]);
    }

    /// <summary>Differentiates the layers.</summary>
    /// <param name="gradient">The gradient of the outputs.</param>
    /// <param name="inputs">The inputs that <see cref="Forward"/> returned.</param>
    /// <param name="weights">The weight of each layer.</param>
    /// <param name="ofInput">Whether the first input's gradient is wanted.</param>
    /// <returns>
    /// The gradients of the bias and of the weight of each layer, from the last to the first, and that of the
    /// input if it is wanted.
    /// </returns>
    public static Tensor[] Backward(Tensor gradient, Tensor[] inputs, Tensor[] weights, bool ofInput) =>
        (Tensor[])Compiled.Value.invoke("backward", gradient, inputs, weights, ofInput);

    private static bool IsRight((long Rows, long Inputs, long Outputs, int Threads) layer)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var generator = new Generator(1, torch.CPU);
        Tensor x = Normal(layer.Rows, layer.Inputs), weight = Normal(layer.Outputs, layer.Inputs);
        Tensor bias = Normal(layer.Outputs), gradient = Normal(layer.Rows, layer.Outputs);
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

    private static bool AreClose(Tensor value, Tensor truth) =>
        (value - truth).abs().max().item<float>() <= Tolerance * truth.abs().max().item<float>();

    // "Auth", "cAMD", "enti".
    private static bool IsAmd() => X86Base.CpuId(0, 0) is (_, 0x68747541, 0x444D4163, 0x69746E65);

    private static int Family() => 0xF + ((X86Base.CpuId(1, 0).Eax >> 20) & 0xFF);
}
