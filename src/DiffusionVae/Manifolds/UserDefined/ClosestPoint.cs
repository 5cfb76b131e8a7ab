namespace DiffusionVae.Manifolds;

/// <summary>
/// Newton's method for the closest point, made safe: no step leads farther away, and nothing singular is
/// divided by.
/// </summary>
internal static class ClosestPoint
{
    /// <summary>
    /// Below this the second derivative of the squared distance counts as zero: x is a centre of curvature,
    /// and the closest point jumps there.
    /// </summary>
    public const double LeastStiffness = 1e-6;

    private const int MostSteps = 40;
    private const int MostHalvings = 10;
    private const double Converged = 1e-9;

    /// <summary>
    /// A projection that is found by a search, with the derivative of the implicit function. Differentiable
    /// once. A second derivative lacks, without an error, what goes through it.
    /// </summary>
    /// <param name="x">[..., n].</param>
    /// <param name="search">
    /// From rows of x, [b, n] and float64, to the closest points, [b, n], and what computes DP there, [b, n,
    /// n].
    /// </param>
    /// <returns>[..., n].</returns>
    public static Tensor Project(Tensor x, Func<Tensor, (Tensor Points, Func<Tensor> Derivative)> search)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = torch.NewDisposeScope();
        if (x.numel() == 0)
        {
            return x.clone().MoveToOuterDisposeScope();
        }
        long n = x.size(-1);
        (Tensor points, Func<Tensor> derivative) = search(x.detach().to(ScalarType.Float64).reshape(-1, n));
        Tensor result = points.to(x.dtype).view(x.shape);
        if (x.requires_grad && torch.is_grad_enabled())
        {
            result += Derivatives.Attach(derivative().to(x.dtype).view([.. x.shape, n]), x);
        }
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Minimises the distance by Newton's method from starting points.</summary>
    /// <param name="x">[b, n].</param>
    /// <param name="start">Coordinates of starting points of M, [b, k].</param>
    /// <param name="step">Coordinates and rows of x to Newton's step, [b, k].</param>
    /// <param name="move">
    /// Coordinates and a step to new coordinates of a point of M; NaN where it finds no point.
    /// </param>
    /// <param name="point">Coordinates to points, [b, n].</param>
    /// <returns>Coordinates, [b, k], and distances from x, [b].</returns>
    public static (Tensor Coordinates, Tensor Distance) Descend(
        Tensor x, Tensor start, Func<Tensor, Tensor, Tensor> step, Func<Tensor, Tensor, Tensor> move, Func<Tensor, Tensor> point)
    {
        Tensor Squares(Tensor coordinates, Tensor rows) => (point(coordinates) - rows).Squared().sum(-1, keepdim: true);
        Tensor found = start.clone(), distance = Squares(start, x);
        // Near the end rounding alone decides which of two points is nearer.
        Tensor noise = (x.Squared().sum(-1, keepdim: true) + 1) * 1e-13;
        Tensor open = torch.arange(x.size(0), device: x.device);
        for (int i = 0; i < MostSteps && open.numel() > 0; i++)
        {
            (Tensor rows, Tensor at, Tensor limit) = (x[open], found[open], (distance + noise)[open]);
            Tensor change = step(at, rows), next = move(at, change), squares = Squares(next, rows), good = squares.le(limit);
            for (int halving = 0; halving < MostHalvings && !good.all().item<bool>(); halving++)
            {
                change = torch.where(good, change, change / 2);
                next = move(at, change);
                squares = Squares(next, rows);
                good = squares.le(limit);
            }
            found.index_copy_(0, open, torch.where(good, next, at));
            distance.index_copy_(0, open, torch.where(good, squares, distance[open]));
            open = open[good.squeeze(-1).logical_and(change.abs().amax([-1]).ge(Converged))];
        }
        return (found, distance.squeeze(-1).sqrt());
    }

    /// <summary>
    /// H⁻¹ g for symmetric H [b, k, k], with the absolute values of its eigenvalues, so that the step leads
    /// to a minimum, never to a saddle.
    /// </summary>
    public static Tensor Solve(Tensor hessian, Tensor gradient)
    {
        (Tensor values, Tensor vectors) = torch.linalg.eigh(hessian);
        Tensor along =
            torch.matmul(vectors.transpose(-2, -1), gradient.unsqueeze(-1)) / values.abs().clamp_min(LeastStiffness).unsqueeze(-1);
        return torch.matmul(vectors, along).squeeze(-1);
    }

    /// <summary>
    /// The inverse of symmetric matrices [b, k, k] with positive eigenvalues, those near zero replaced by
    /// <see cref="LeastStiffness"/>.
    /// </summary>
    public static Tensor Inverse(Tensor hessian)
    {
        (Tensor values, Tensor vectors) = torch.linalg.eigh(hessian);
        return torch.matmul(vectors / values.abs().clamp_min(LeastStiffness).unsqueeze(-2), vectors.transpose(-2, -1));
    }
}
