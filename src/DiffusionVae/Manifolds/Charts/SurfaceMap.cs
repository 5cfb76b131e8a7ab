namespace DiffusionVae.Manifolds;

/// <summary>A map from a box of two parameters to a surface in space, and the way back.</summary>
/// <remarks>Float64. Temporaries belong to the current dispose scope: callers open one.</remarks>
internal sealed class SurfaceMap(IReadOnlyList<ChartAxis> axes, Func<Tensor, Tensor> map)
{
    private const int Candidates = 64;
    private const int Starts = 12;
    private const int Steps = 12;
    private const double Difference = 1e-6;

    /// <summary>How far the surface goes along each axis of space, at most.</summary>
    public double[] Reach()
    {
        using var scope = torch.NewDisposeScope();
        return map(Grid()).abs().amax([0]).data<double>().ToArray();
    }

    /// <summary>
    /// The parameters of the points that are nearest to places in space, by Gauss and Newton's iteration from
    /// the nearest points of a grid: from several, since the nearest may lie on another sheet of a surface
    /// that crosses itself.
    /// </summary>
    /// <param name="places">[count, 3].</param>
    /// <returns>[count, 2].</returns>
    public Tensor Nearest(Tensor places)
    {
        Tensor grid = Grid();
        Tensor starts = torch.cdist(places, map(grid)).topk(Starts, 1, largest: false).indexes;
        Tensor targets = places.repeat_interleave(Starts, 0), parameters = grid.index_select(0, starts.flatten());
        for (int step = 0; step < Steps; step++)
        {
            Tensor at = map(parameters), jacobian = Jacobian(parameters, at), transposed = jacobian.mT;
            Tensor normal = transposed.matmul(jacobian) + (torch.eye(2, dtype: ScalarType.Float64) * 1e-12);
            parameters = Wrapped(parameters + torch.linalg.solve(normal, transposed.matmul((targets - at).unsqueeze(-1))).squeeze(-1));
        }
        Tensor best = (targets - map(parameters)).Squared().sum(-1).view(-1, Starts).argmin(1, keepdim: true).unsqueeze(-1);
        return parameters.view(-1, Starts, 2).gather(1, best.expand(-1, 1, 2)).squeeze(1);
    }

    /// <summary>Parameters over the whole box, [64², 2].</summary>
    private Tensor Grid()
    {
        Tensor[] lines = [.. axes.Select(axis => torch.linspace(axis.Low, axis.High, Candidates + 1, ScalarType.Float64)[..^1])];
        return torch.stack([lines[0].repeat_interleave(Candidates), lines[1].repeat(Candidates)], -1);
    }

    /// <summary>The derivative by differences, [count, 3, 2].</summary>
    private Tensor Jacobian(Tensor parameters, Tensor at)
    {
        Tensor steps = torch.eye(2, dtype: ScalarType.Float64) * Difference;
        return torch.stack([.. Enumerable.Range(0, 2).Select(i => (map(parameters + steps[i]) - at) / Difference)], -1);
    }

    /// <summary>
    /// Parameters back in the box where an axis is joined to itself; a twisted one turns the other one over.
    /// </summary>
    private Tensor Wrapped(Tensor parameters)
    {
        Tensor[] columns = parameters.unbind(-1);
        Tensor[] turns = [.. axes.Select((axis, i) => ((columns[i] - axis.Low) / (axis.High - axis.Low)).floor())];
        for (int i = 0; i < 2; i++)
        {
            ChartAxis axis = axes[i], other = axes[1 - i];
            if (axis.IsTwisted)
            {
                columns[1 - i] = torch.where(turns[i].remainder(2).ne(0), -columns[1 - i] + (other.Low + other.High), columns[1 - i]);
            }
            columns[i] = axis.IsPeriodic || axis.IsTwisted
                ? columns[i] - (turns[i] * (axis.High - axis.Low))
                : columns[i].clamp(axis.Low, axis.High);
        }
        return torch.stack(columns, -1);
    }
}
