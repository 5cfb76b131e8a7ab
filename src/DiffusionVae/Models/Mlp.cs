using TorchSharp.Modules;

namespace DiffusionVae.Models;

/// <summary>A multi-layer perceptron: linear layers with ReLU between them (paper, section 4).</summary>
public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] layers;

    /// <summary>
    /// Creates the network. Its weights and biases are uniform on ±1/sqrt(inputs of the layer), as PyTorch's
    /// are.
    /// </summary>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="generator">The source of the initial weights.</param>
    public Mlp(int inputs, IReadOnlyList<int> hidden, int outputs, Generator generator)
        : base(nameof(Mlp))
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(generator);
        int[] widths = [inputs, .. hidden, outputs];
        layers = new Linear[widths.Length - 1];
        for (int i = 0; i < layers.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(widths[i], 1, nameof(hidden));
            layers[i] = nn.Linear(widths[i], widths[i + 1]);
            register_module(Invariant($"{i}"), layers[i]);
            Initialise(layers[i], 1 / Math.Sqrt(widths[i]), generator);
        }
    }

    /// <summary>The last layer.</summary>
    internal Linear Last => layers[^1];

    /// <summary>
    /// A Lipschitz constant of the first outputs as a function of the input: the product of the spectral
    /// norms of the layers.
    /// </summary>
    /// <param name="outputs">The number of outputs to look at, from the first.</param>
    public double LipschitzConstant(int outputs)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        IEnumerable<Tensor> weights = layers[..^1].Select(layer => (Tensor)layer.weight!).Append(Last.weight!.narrow(0, 0, outputs));
        return weights.Aggregate(1.0, (product, weight) => product * SpectralNorm(weight));
    }

    /// <summary>The number of weights and biases of a network of these widths.</summary>
    internal static Int128 ParameterCount(int inputs, IReadOnlyList<int> hidden, int outputs)
    {
        int[] widths = [inputs, .. hidden, outputs];
        return widths.Zip(widths.Skip(1), (from, to) => ((Int128)from + 1) * to).Aggregate((a, b) => a + b);
    }

    /// <summary>Evaluates the network.</summary>
    /// <param name="input">[..., inputs].</param>
    /// <returns>
    /// [..., outputs]. With one batch axis it is differentiable once: differentiating its gradient again
    /// throws.
    /// </returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        bool isBatch = input.dim() == 2;
        return (isBatch ? Layers.Evaluate(input, layers, OneDnn.IsFaster) : Last.forward(Hidden(input))).MoveToOuterDisposeScope();
    }

    /// <summary>The outputs of the last hidden layer, [batch, its width].</summary>
    internal Tensor Hidden(Tensor input) => layers[..^1].Aggregate(input, (x, layer) => layer.forward(x).relu_());

    /// <summary>
    /// Sets the last layer so that the first outputs are a given linear function of <see cref="Hidden"/>.
    /// </summary>
    internal void SetFirstOutputs((Tensor Slopes, Tensor Intercepts) function)
    {
        using var frozen = torch.no_grad();
        long outputs = function.Intercepts.size(0);
        Last.weight!.narrow(0, 0, outputs).copy_(function.Slopes.t());
        Last.bias!.narrow(0, 0, outputs).copy_(function.Intercepts);
    }

    private static double SpectralNorm(Tensor weight) => torch.linalg.matrix_norm(weight.to(ScalarType.Float64), 2).item<double>();

    private static void Initialise(Linear layer, double bound, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        foreach (Tensor parameter in new[] { layer.weight!, layer.bias! })
        {
            parameter.copy_((torch.rand(parameter.shape, parameter.dtype, generator.device, generator: generator) - 0.5) * (2 * bound));
        }
    }
}
