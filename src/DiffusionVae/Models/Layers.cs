using TorchSharp.Modules;

namespace DiffusionVae.Models;

/// <summary>
/// The layers of a perceptron, with ReLU between them, as one operation of automatic differentiation: the products of matrices that it needs, each in the layout that is fastest, and little
/// else. Differentiable once.
/// </summary>
internal sealed class Layers : torch.autograd.SingleTensorFunction<Layers>
{
    /// <summary>Of matrices with fewer columns the transposed products are several times as fast.</summary>
    private const int Narrow = 16;

    public override string Name => nameof(Layers);

    /// <summary>Evaluates the layers.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="layers">At least one.</param>
    /// <returns>[batch, outputs].</returns>
    public static Tensor Evaluate(Tensor input, IEnumerable<Linear> layers) => apply([input, .. layers.SelectMany(layer => new[] { layer.weight!, layer.bias! })]);

    public override Tensor forward(torch.autograd.AutogradContext context, params object[] arguments)
    {
        var x = (Tensor)arguments[0];
        context.save_data("input", x.requires_grad);
        var saved = new List<Tensor>();
        for (int i = 1; i < arguments.Length; i += 2)
        {
            var (weight, bias) = ((Tensor)arguments[i], (Tensor)arguments[i + 1]);
            saved.AddRange([x, weight]);
            x = torch.addmm(bias, x, weight.t(), beta: 1, alpha: 1);
            if (i + 2 < arguments.Length)
            {
                x.relu_();
            }
        }
        context.save_for_backward(saved);
        return x;
    }

    public override List<Tensor> backward(torch.autograd.AutogradContext context, Tensor gradient)
    {
        List<Tensor> saved = context.get_saved_variables();
        bool ofInput = (bool)context.get_data("input");
        var gradients = new Tensor[saved.Count + 1];
        Tensor ones = torch.ones([1, gradient.size(0)], gradient.dtype, gradient.device);
        for (int i = saved.Count - 2; i >= 0; i -= 2)
        {
            (Tensor x, Tensor weight) = (saved[i], saved[i + 1]);
            gradients[i + 1] = OfWeight(x, gradient);
            // Faster than the sum that it is.
            gradients[i + 2] = ones.mm(gradient).squeeze(0);
            if (i > 0 || ofInput)
            {
                gradient = OfInput(weight, gradient);
            }
            if (i > 0)
            {
                // What left a ReLU is positive where it let the gradient through, else 0.
                gradient.mul_(x.sign());
            }
        }
        gradients[0] = ofInput ? gradient : null!;
        return [.. gradients];
    }

    private static Tensor OfWeight(Tensor input, Tensor gradient) => input.size(1) < Narrow ? input.t().mm(gradient).t() : gradient.t().mm(input);

    private static Tensor OfInput(Tensor weight, Tensor gradient) => gradient.mm(weight.size(1) < Narrow ? weight.t().contiguous().t() : weight);
}
