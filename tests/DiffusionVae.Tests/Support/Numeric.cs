using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests;

/// <summary>
/// Derivatives by differences and by backpropagation, integrals by Gauss-Legendre: all in double precision.
/// </summary>
internal static class Numeric
{
    /// <summary>The values of a tensor in order.</summary>
    public static double[] Values(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>
    /// The last axis as rows and columns. (TorchSharp's own unflatten takes no negative axis.)
    /// </summary>
    public static Tensor Unflatten(Tensor x, long rows, long columns) => x.reshape([.. x.shape[..^1], rows, columns]);

    /// <summary>The greatest absolute value; NaN if there is one, 0 for no values.</summary>
    public static double Greatest(Tensor tensor) => tensor.numel() == 0 ? 0 : Values(tensor).Select(Math.Abs).Aggregate(Math.Max);

    /// <summary>J[b, i, j] = ∂f_i/∂x_j at every row of x, by central differences of fourth order.</summary>
    public static Tensor Jacobian(Func<Tensor, Tensor> function, Tensor x, double step = 1e-3)
    {
        using DisposeScope scope = NewDisposeScope();
        using var frozen = no_grad();
        var columns = new List<Tensor>();
        for (int j = 0; j < x.size(-1); j++)
        {
            Tensor unit = zeros(x.size(-1), dtype: x.dtype);
            unit[j] = 1;
            columns.Add(First(function, x, unit, step));
        }
        return stack(columns, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The derivative at s = 0 of f(x + s v).</summary>
    public static Tensor First(Func<Tensor, Tensor> function, Tensor x, Tensor direction, double step = 1e-3)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor At(double s) => function(x + (direction * s));
        return (((At(step) - At(-step)) * 8 - (At(2 * step) - At(-2 * step))) / (12 * step)).MoveToOuterDisposeScope();
    }

    /// <summary>The second derivative at s = 0 of f(x + s v), of fourth order.</summary>
    public static Tensor Second(Func<Tensor, Tensor> function, Tensor x, Tensor direction, double step = 2e-3)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor At(double s) => function(x + (direction * s));
        Tensor near = At(step) + At(-step), far = At(2 * step) + At(-2 * step);
        return ((near * 16 - far - (At(0) * 30)) / (12 * step * step)).MoveToOuterDisposeScope();
    }

    /// <summary>J[b, i, j] = ∂f_i/∂x_j at every row of x, by backpropagation.</summary>
    public static Tensor Backpropagated(Func<Tensor, Tensor> function, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor leaf = x.detach().clone().requires_grad_();
        Tensor y = function(leaf);
        var rows = new List<Tensor>();
        for (int i = 0; i < y.size(-1); i++)
        {
            leaf.grad = null;
            y.select(-1, i).sum().backward(retain_graph: true);
            rows.Add(leaf.grad is { } gradient ? gradient.clone() : zeros_like(x));
        }
        return stack(rows, -2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Nodes [count^d, d] and weights [count^d] of the product Gauss-Legendre rule on a box, by Golub and
    /// Welsch.
    /// </summary>
    public static (Tensor Nodes, Tensor Weights) Grid(IReadOnlyList<(double From, double To)> box, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor beside = tensor(Enumerable.Range(1, count - 1).Select(k => k / Math.Sqrt((4.0 * k * k) - 1)).ToArray());
        (Tensor roots, Tensor vectors) = linalg.eigh(diag(beside, 1) + diag(beside, -1));
        Tensor weights = vectors[0].square() * 2;
        Tensor nodes = zeros([1, 0], ScalarType.Float64), products = ones(1, ScalarType.Float64);
        foreach ((double from, double to) in box)
        {
            double half = (to - from) / 2;
            Tensor along = (roots * half + from + half).repeat(nodes.size(0)).unsqueeze(-1);
            nodes = cat([nodes.repeat_interleave(count, 0), along], -1);
            products = (products.unsqueeze(-1) * weights * half).flatten();
        }
        return (nodes.MoveToOuterDisposeScope(), products.MoveToOuterDisposeScope());
    }
}
