using TorchSharp.Modules;

namespace DiffusionVae.Models;

/// <summary>A multi-layer perceptron: linear layers with ReLU between them (paper, section 4).</summary>
public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] layers;

    /// <summary>Creates the network, its weights and biases uniform on ±1/sqrt(inputs of the layer), as PyTorch's are.</summary>
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

    /// <summary>The last layer, whose bias sets where the outputs start.</summary>
    internal Linear Last => layers[^1];

    /// <summary>A bound on how much the first outputs change for a change of the input: the product of the spectral norms of the layers.</summary>
    /// <param name="outputs">How many outputs, the first ones, are looked at.</param>
    public double LipschitzConstant(int outputs)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        IEnumerable<Tensor> weights = layers[..^1].Select(layer => (Tensor)layer.weight!).Append(Last.weight!.narrow(0, 0, outputs));
        return weights.Aggregate(1.0, (product, weight) => product * torch.linalg.matrix_norm(weight.to(ScalarType.Float64), 2).item<double>());
    }

    /// <summary>The number of weights and biases of such a network, which need not exist.</summary>
    internal static Int128 ParameterCount(int inputs, IReadOnlyList<int> hidden, int outputs)
    {
        int[] widths = [inputs, .. hidden, outputs];
        return widths.Zip(widths.Skip(1), (from, to) => ((Int128)from + 1) * to).Aggregate((a, b) => a + b);
    }

    /// <summary>Evaluates the network.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <returns>[batch, outputs].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        Tensor x = input;
        foreach (Linear layer in layers[..^1])
        {
            x = layer.forward(x).relu_();
        }
        return layers[^1].forward(x).MoveToOuterDisposeScope();
    }

    /// <summary>Fits the last layer by least squares, so that the first outputs come near given values; unless the hidden layers say the same of all inputs.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="targets">[batch, first outputs].</param>
    /// <returns>Whether it was fitted.</returns>
    internal bool FitFirstOutputs(Tensor input, Tensor targets)
    {
        const double ridge = 1e-4;
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor hidden = layers[..^1].Aggregate(input, (x, layer) => layer.forward(x).relu_());
        Tensor mean = hidden.mean([0]);
        Tensor centred = hidden - mean;
        Tensor covariance = centred.t().matmul(centred);
        if (covariance.diagonal().sum().ToDouble() is not (> 0 and < double.PositiveInfinity))
        {
            return false;
        }
        Tensor regularised = covariance + (torch.eye(covariance.size(0), dtype: covariance.dtype, device: covariance.device) * (covariance.diagonal().mean() * ridge));
        Tensor slopes = torch.linalg.solve(regularised, centred.t().matmul(targets - targets.mean([0])));
        long outputs = targets.size(1);
        Last.weight!.narrow(0, 0, outputs).copy_(slopes.t());
        Last.bias!.narrow(0, 0, outputs).copy_(targets.mean([0]) - mean.matmul(slopes));
        return true;
    }

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
