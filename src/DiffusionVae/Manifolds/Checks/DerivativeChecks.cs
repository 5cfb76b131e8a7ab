namespace DiffusionVae.Manifolds;

/// <summary>
/// The derivative of the projection: finite everywhere, right where there is one, and on M the projection
/// onto the tangent space.
/// </summary>
internal static class DerivativeChecks
{
    private const int Count = 64;

    /// <summary>The step of differences in units of the size.</summary>
    private const double Step = 1e-3;

    public static void Run(ManifoldCheck check)
    {
        foreach (ScalarType dtype in ManifoldCheck.Precisions)
        {
            check.Try($"Differentiating Project in {dtype}", () => IsFinite(check, dtype));
        }
        check.Try("Differentiating Project", () => AgreesWithDifferences(check) & ProjectsOntoTangentSpaces(check));
    }

    /// <summary>∂P/∂x by automatic differentiation, [b, n, n].</summary>
    public static Tensor Backpropagated(Func<Tensor, Tensor> project, Tensor x)
    {
        using var grad = torch.enable_grad();
        Tensor variable = x.detach().clone().requires_grad_();
        Tensor[] rows = new Tensor[x.size(-1)];
        Tensor values = project(variable);
        for (int i = 0; i < rows.Length; i++)
        {
            variable.grad?.zero_();
            values.select(-1, i).sum().backward(retain_graph: true);
            rows[i] = variable.grad!.clone();
        }
        return torch.stack(rows, -2);
    }

    private static bool IsFinite(ManifoldCheck check, ScalarType dtype)
    {
        int n = check.Manifold.AmbientDimension;
        Tensor axes = torch.eye(n, dtype: ScalarType.Float64) * check.Size, points = check.Points(Count);
        Tensor centre = torch.zeros([1, n], ScalarType.Float64);
        Tensor[] places =
        [
            centre, centre + (check.Noise(Count) * 1e-12), axes, -axes, points, points * 0.5, -points,
            check.Noise(Count) * check.Size,
        ];
        Tensor x = torch.cat(places, 0).to(dtype).detach().requires_grad_();
        Tensor weights = check.Noise((int)x.size(0)).to(dtype);
        (check.Manifold.Project(x) * weights).sum().backward();
        return check.Require(x.grad is not null, $"Project in {dtype} passes no gradient back.")
            && check.RequireForm(x.grad!, x.shape, dtype, $"The gradient of Project in {dtype}");
    }

    private static bool AgreesWithDifferences(ManifoldCheck check)
    {
        Tensor x = check.Points(Count) + (check.Noise(Count) * (0.03 * check.Size));
        Tensor fine = Differences(check.Manifold, x, Step * check.Size), coarse = Differences(check.Manifold, x, 2 * Step * check.Size);
        // Where two steps disagree, the closest point jumps nearby: there is no derivative to compare with.
        Tensor tame = (fine - coarse).abs().amax([-2, -1]).lt(1e-4);
        double wrong = ManifoldCheck.Greatest((Backpropagated(check.Manifold.Project, x) - fine)[tame]);
        return check.Require(
                tame.any().item<bool>(),
                $"Project is not smooth near the manifold: differences depend on the step at every point.")
            & check.RequireAtMost(
                1e-3,
                wrong,
                $"The derivative of Project is wrong: an entry differs from that by differences by {wrong:0.###e+0}.");
    }

    private static bool ProjectsOntoTangentSpaces(ManifoldCheck check)
    {
        Tensor jacobian = Backpropagated(check.Manifold.Project, check.Points(Count));
        double skew = ManifoldCheck.Greatest(jacobian - jacobian.transpose(-2, -1));
        double twice = ManifoldCheck.Greatest(jacobian.matmul(jacobian) - jacobian);
        Tensor trace = jacobian.diagonal(0, -2, -1).sum(-1);
        double rank = trace.mean().item<double>();
        return check.RequireAtMost(
                1e-4,
                skew,
                $"On the manifold the derivative of Project is not symmetric, by {skew:0.###e+0}: the projection is not orthogonal.")
            & check.RequireAtMost(
                1e-4,
                twice,
                $"On the manifold the derivative of Project is no projection: applied twice it differs by {twice:0.###e+0}.")
            & check.RequireAtMost(
                1e-3,
                ManifoldCheck.Greatest(trace - check.Manifold.Dimension),
                $"The tangent spaces have {rank:0.###} dimensions, by the derivative of Project; Dimension is {check.Manifold.Dimension}.");
    }

    /// <summary>∂P/∂x by differences of fourth order, [b, n, n].</summary>
    private static Tensor Differences(IManifold manifold, Tensor x, double step)
    {
        Tensor basis = torch.eye(x.size(-1), dtype: x.dtype).unsqueeze(1) * step; // [n, 1, n]
        Tensor At(int steps) => manifold.Project(x + (basis * steps)); // [n, b, n]
        return ((((At(1) - At(-1)) * 8) - (At(2) - At(-2))) / (12 * step)).permute(1, 2, 0);
    }
}
