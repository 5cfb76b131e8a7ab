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

    /// <summary>
    /// For fewer rows oneDNN gains little, and its products are checked anew for every number of rows.
    /// </summary>
    private const int WorthAConversion = 64;

    public override string Name => nameof(Layers);

    /// <summary>Evaluates the layers.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="layers">The layers, at least one.</param>
    /// <param name="oneDnn">Whether to use oneDNN where it is applicable.</param>
    /// <returns>[batch, outputs].</returns>
    public static Tensor Evaluate(Tensor input, IReadOnlyCollection<Linear> layers, bool oneDnn)
    {
        bool differentiated = torch.is_grad_enabled();
        bool suits = oneDnn && (differentiated || input.size(0) >= WorthAConversion)
            && OneDnn.IsApplicable(input, layers.Select(layer => layer.weight!));
        Tensor[] weights = [.. layers.Select(layer => layer.weight!)], biases = [.. layers.Select(layer => layer.bias!)];
        if (differentiated)
        {
            var way = new Way(suits, weights, suits ? null : DeferredProducts.Current);
            return apply([way, input, .. weights.Zip(biases).SelectMany(layer => new[] { layer.First, layer.Second })]);
        }
        return (suits ? OneDnn.Forward(input, weights, biases) : Forward(input, weights, biases)).Outputs;
    }

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var (way, input) = ((Way)arguments[0], (Tensor)arguments[1]);
        Tensor[][] layers = [.. arguments.Skip(2).Cast<Tensor>().Chunk(2)];
        Tensor[] weights = [.. layers.Select(layer => layer[0])], biases = [.. layers.Select(layer => layer[1])];
        (Tensor[] inputs, Tensor outputs) = way.OneDnn ? OneDnn.Forward(input, weights, biases) : Forward(input, weights, biases);
        context.save_data("way", way);
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
        var way = (Way)context.get_data("way");
        Tensor[] gradients = way.OneDnn
            ? OneDnn.Backward(gradient, inputs, weights, ofInput)
            : Backward(gradient, inputs, weights, ofInput, way);
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

    /// <summary>leftᵀ right.</summary>
    /// <param name="left">The gradient of a layer's outputs, [rows, outputs].</param>
    /// <param name="right">The layer's input, [rows, inputs].</param>
    /// <param name="sum">What the product is added to, in place; null for nothing.</param>
    /// <returns>The gradient of the layer's weight, [outputs, inputs].</returns>
    public static Tensor OfWeight(Tensor left, Tensor right, Tensor? sum = null)
    {
        if (right.size(1) < Narrow)
        {
            Tensor product = right.t().mm(left).t();
            return sum?.add_(product) ?? product;
        }
        return sum?.addmm_(left.t(), right, beta: 1, alpha: 1) ?? left.t().mm(right);
    }

    private static Tensor[] Backward(Tensor gradient, Tensor[] inputs, Tensor[] weights, bool ofInput, Way way)
    {
        var gradients = new List<Tensor>();
        Tensor ones = torch.ones([1, gradient.size(0)], gradient.dtype, gradient.device);
        for (int i = weights.Length - 1; i >= 0; i--)
        {
            // A sum over the batch; the product is faster.
            gradients.Add(ones.mm(gradient).squeeze(0));
            gradients.Add(way.Deferred?.Add(way.Weights[i], gradient, inputs[i]) ?? OfWeight(gradient, inputs[i]));
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

    private static Tensor OfInput(Tensor weight, Tensor gradient) =>
        gradient.mm(weight.size(1) < Narrow ? weight.t().contiguous().t() : weight);

    /// <summary>How layers are evaluated and differentiated.</summary>
    /// <param name="OneDnn">Whether by oneDNN.</param>
    /// <param name="Weights">The weights themselves.</param>
    /// <param name="Deferred">Who multiplies the gradients of the weights later; null if nobody does.</param>
    private sealed record Way(bool OneDnn, Tensor[] Weights, DeferredProducts? Deferred);
}
