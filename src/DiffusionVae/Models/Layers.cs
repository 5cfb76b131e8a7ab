using TorchSharp.Modules;

namespace DiffusionVae.Models;

/// <summary>
/// The layers of a perceptron, with ReLU between them, as one operation of automatic differentiation. It
/// computes the products of matrices that are needed, each in the layout that is fastest, and little else.
/// </summary>
/// <remarks>
/// Differentiable once. Its gradients are constants to libtorch, so that differentiating them again throws.
/// </remarks>
internal sealed class Layers : torch.autograd.SingleTensorFunction<Layers>
{
    /// <summary>For matrices with fewer columns the transposed products are several times as fast.</summary>
    private const int Narrow = 16;

    public override string Name => nameof(Layers);

    /// <summary>Evaluates the layers.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="layers">The layers, at least one.</param>
    /// <param name="oneDnn">Whether to use oneDNN where it is applicable.</param>
    /// <returns>[batch, outputs].</returns>
    public static Tensor Evaluate(Tensor input, IReadOnlyCollection<Linear> layers, bool oneDnn)
    {
        bool suits = oneDnn && OneDnn.IsApplicable(input, layers.Select(layer => layer.weight!));
        return apply([suits, input, .. layers.SelectMany(layer => new[] { layer.weight!, layer.bias! })]);
    }

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var (oneDnn, input) = ((bool)arguments[0], (Tensor)arguments[1]);
        Tensor[][] layers = [.. arguments.Skip(2).Cast<Tensor>().Chunk(2)];
        Tensor[] weights = [.. layers.Select(layer => layer[0])], biases = [.. layers.Select(layer => layer[1])];
        (Tensor[] inputs, Tensor outputs) = oneDnn ? OneDnn.Forward(input, weights, biases) : Forward(input, weights, biases);
        context.save_data("oneDnn", oneDnn);
        context.save_data("ofInput", input.requires_grad);
        context.save_for_backward([.. inputs, .. weights]);
        return outputs;
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient)
    {
        // Otherwise a gradient that is differentiated again would be wrong without a word.
        using var frozen = torch.no_grad();
        List<Tensor> saved = context.get_saved_variables();
        Tensor[] inputs = [.. saved[..(saved.Count / 2)]], weights = [.. saved[inputs.Length..]];
        bool ofInput = (bool)context.get_data("ofInput");
        Tensor[] gradients = (bool)context.get_data("oneDnn")
            ? OneDnn.Backward(gradient, inputs, weights, ofInput)
            : Backward(gradient, inputs, weights, ofInput);
        // Gradients come in the order from the last bias to the first weight.
        return [null!, ofInput ? gradients[^1] : null!, .. gradients.Take(2 * weights.Length).Reverse()];
    }

    private static (Tensor[] Inputs, Tensor Outputs) Forward(Tensor x, Tensor[] weights, Tensor[] biases)
    {
        var inputs = new Tensor[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            inputs[i] = x;
            x = torch.addmm(biases[i], x, weights[i].t(), beta: 1, alpha: 1);
            if (i + 1 < weights.Length)
            {
                x.relu_();
            }
        }
        return (inputs, x);
    }

    private static Tensor[] Backward(Tensor gradient, Tensor[] inputs, Tensor[] weights, bool ofInput)
    {
        var gradients = new List<Tensor>();
        Tensor ones = torch.ones([1, gradient.size(0)], gradient.dtype, gradient.device);
        for (int i = weights.Length - 1; i >= 0; i--)
        {
            // A sum over the batch; the product is faster.
            gradients.Add(ones.mm(gradient).squeeze(0));
            gradients.Add(OfWeight(inputs[i], gradient));
            if (i > 0 || ofInput)
            {
                gradient = OfInput(weights[i], gradient);
            }
            if (i > 0)
            {
                // The output of a ReLU is positive where it passes the gradient on, and else 0.
                gradient.mul_(inputs[i].sign());
            }
        }
        return ofInput ? [.. gradients, gradient] : [.. gradients];
    }

    private static Tensor OfWeight(Tensor input, Tensor gradient) =>
        input.size(1) < Narrow ? input.t().mm(gradient).t() : gradient.t().mm(input);

    private static Tensor OfInput(Tensor weight, Tensor gradient) =>
        gradient.mm(weight.size(1) < Narrow ? weight.t().contiguous().t() : weight);
}
