namespace DiffusionVae.Manifolds;

/// <summary>
/// Derivatives of functions that users give, by automatic differentiation; themselves differentiable.
/// </summary>
internal static class Derivatives
{
    /// <summary>
    /// The same values as something that can be differentiated by: the tensor itself if it can.
    /// </summary>
    public static Tensor Variable(Tensor x) => x.requires_grad ? x : x.detach().requires_grad_();

    /// <summary>∂y/∂x where every entry of y depends on its own row of x alone.</summary>
    /// <param name="y">[b].</param>
    /// <param name="x">[b, k].</param>
    /// <returns>[b, k].</returns>
    public static Tensor Gradient(Tensor y, Tensor x)
    {
        // Differentiating by what y does not depend on would end the process.
        Tensor nothing = (x * x * x).sum() * 0;
        return torch.autograd.grad([y.sum() + nothing], [x], retain_graph: true, create_graph: true)[0];
    }

    /// <summary>∂y/∂x where every row of y depends on its own row of x alone.</summary>
    /// <param name="y">[b, n].</param>
    /// <param name="x">[b, k].</param>
    /// <returns>[b, n, k].</returns>
    public static Tensor Jacobian(Tensor y, Tensor x) => torch.stack([.. y.unbind(-1).Select(part => Gradient(part, x))], -2);

    /// <summary>
    /// Zero in value, but with a given derivative: added to a result that was found by iteration, it gives
    /// that its gradient.
    /// </summary>
    /// <param name="jacobian">[..., m, n], of the dtype and device of x.</param>
    /// <param name="x">[..., n].</param>
    /// <returns>[..., m].</returns>
    public static Tensor Attach(Tensor jacobian, Tensor x) => torch.matmul(jacobian, (x - x.detach()).unsqueeze(-1)).squeeze(-1);
}
