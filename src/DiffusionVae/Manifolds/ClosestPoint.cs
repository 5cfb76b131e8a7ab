namespace DiffusionVae.Manifolds;

/// <summary>Newton's method for the closest point, made safe: no step leads farther away, and what is singular is not divided by.</summary>
internal static class ClosestPoint
{
    /// <summary>Below this the second derivative of the squared distance counts as zero: x is a centre of curvature, and the closest point jumps there.</summary>
    public const double LeastStiffness = 1e-6;

    private const int MostSteps = 40;
    private const int MostHalvings = 10;
    private const double Converged = 1e-9;

    /// <summary>Goes down from a start.</summary>
    /// <param name="x">[b, n].</param>
    /// <param name="start">Where to start: coordinates of points of M, [b, k].</param>
    /// <param name="step">Coordinates to Newton's step, [b, k].</param>
    /// <param name="move">Coordinates and a step to new coordinates of a point of M; NaN where there is none.</param>
    /// <param name="point">Coordinates to points, [b, n].</param>
    /// <returns>Coordinates, [b, k], and distances from x, [b].</returns>
    public static (Tensor Coordinates, Tensor Distance) Descend(Tensor x, Tensor start, Func<Tensor, Tensor> step, Func<Tensor, Tensor, Tensor> move, Func<Tensor, Tensor> point)
    {
        Tensor Squares(Tensor coordinates) => (point(coordinates) - x).Squared().sum(-1, keepdim: true);
        Tensor at = start, squares = Squares(start);
        // Near the end rounding alone decides which of two points is nearer.
        Tensor noise = (x.Squared().sum(-1, keepdim: true) + 1) * 1e-13;
        for (int i = 0; i < MostSteps; i++)
        {
            Tensor change = step(at), next = at, nextSquares = squares, better = squares;
            for (int halving = 0; halving < MostHalvings; halving++)
            {
                next = move(at, change);
                nextSquares = Squares(next);
                better = nextSquares.le(squares + noise);
                if (better.all().item<bool>())
                {
                    break;
                }
                change = torch.where(better, change, change / 2);
            }
            at = torch.where(better, next, at);
            squares = torch.where(better, nextSquares, squares);
            if (change.masked_fill(better.logical_not(), 0).abs().max().item<double>() < Converged)
            {
                break;
            }
        }
        return (at, squares.squeeze(-1).sqrt());
    }

    /// <summary>H⁻¹ g for symmetric H [b, k, k], with the absolute values of its eigenvalues, so that the step leads to a minimum, never to a saddle.</summary>
    public static Tensor Solve(Tensor hessian, Tensor gradient)
    {
        (Tensor values, Tensor vectors) = torch.linalg.eigh(hessian);
        Tensor along = torch.matmul(vectors.transpose(-2, -1), gradient.unsqueeze(-1)) / values.abs().clamp_min(LeastStiffness).unsqueeze(-1);
        return torch.matmul(vectors, along).squeeze(-1);
    }

    /// <summary>The inverse of symmetric matrices [b, k, k] with positive eigenvalues, those near zero replaced by <see cref="LeastStiffness"/>.</summary>
    public static Tensor Inverse(Tensor hessian)
    {
        (Tensor values, Tensor vectors) = torch.linalg.eigh(hessian);
        return torch.matmul(vectors / values.abs().clamp_min(LeastStiffness).unsqueeze(-2), vectors.transpose(-2, -1));
    }
}
