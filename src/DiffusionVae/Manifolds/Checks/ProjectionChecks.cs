namespace DiffusionVae.Manifolds;

/// <summary>The values of the projection: on the manifold, closest, the same in every batch.</summary>
internal static class ProjectionChecks
{
    private const int Count = 256;

    public static bool Run(ManifoldCheck check)
    {
        bool sound = true;
        foreach (ScalarType dtype in ManifoldCheck.Precisions)
        {
            sound &= check.Try($"Project in {dtype}", () => IsIdempotent(check, dtype) & IsTheSameInBatches(check, dtype));
            sound &= check.Try($"Project in {dtype}", () => IsClosest(check, dtype));
            sound &= check.Try($"Features in {dtype}", () => AreFeatures(check, dtype));
        }
        return sound & check.Try("The fused projection", () => IsFusedAlike(check));
    }

    /// <summary>Points near and far from M.</summary>
    private static Tensor Scattered(ManifoldCheck check) =>
        torch.cat([check.Noise(Count) * check.Size, check.Points(Count) + (check.Noise(Count) * (0.05 * check.Size))], 0);

    private static bool IsIdempotent(ManifoldCheck check, ScalarType dtype)
    {
        Tensor x = Scattered(check).to(dtype), before = x.clone();
        Tensor once = check.Manifold.Project(x);
        double moved = ManifoldCheck.Greatest(check.Manifold.Project(once) - once);
        return check.RequireForm(once, x.shape, dtype, $"Project's result for {dtype}")
            & check.Require(x.eq(before).all().item<bool>(), $"Project changes its argument.")
            & check.RequireAtMost(
                check.Tolerance(dtype),
                moved,
                $"Project is not idempotent in {dtype}: projecting a second time moves a coordinate by {moved:0.###e+0}.");
    }

    private static bool IsTheSameInBatches(ManifoldCheck check, ScalarType dtype)
    {
        long n = check.Manifold.AmbientDimension;
        Tensor x = (check.Noise(6) * check.Size).to(dtype), rows = check.Manifold.Project(x);
        bool sound = true;
        foreach (long[] shape in new long[][] { [2, 3, n], [0, n], [1, n], [n] })
        {
            long count = shape.Aggregate(1L, (product, length) => product * length) / n;
            Tensor result = check.Manifold.Project(x.narrow(0, 0, count).view(shape));
            sound &= check.RequireForm(result, shape, dtype, $"Project's result for {dtype} of shape [{string.Join(", ", shape)}]");
            double off = sound ? ManifoldCheck.Greatest(result.reshape(-1, n) - rows.narrow(0, 0, count)) : 0;
            sound &= check.RequireAtMost(
                check.Tolerance(dtype),
                off,
                $"Project in {dtype} depends on the other points of a batch: by {off:0.###e+0} in a batch of {count}.");
        }
        return sound;
    }

    private static bool IsClosest(ManifoldCheck check, ScalarType dtype)
    {
        Tensor x = Scattered(check), projected = check.Manifold.Project(x.to(dtype)).to(ScalarType.Float64);
        Tensor distance = UnitVectors.Length(x - projected);
        Tensor others = check.Manifold is IClosedManifold closed
            ? torch.cat([check.Pool, closed.SampleUniform(2048, check.Generator, ScalarType.Float64)], 0)
            : check.Pool;
        double gained = (distance - torch.cdist(x, others).amin([-1], keepdim: true)).max().item<double>();
        foreach (double step in new[] { 0.003, 0.03, 0.3 })
        {
            Tensor moved = check.Manifold.Project(projected + (check.Noise((int)x.size(0)) * (step * check.Size)));
            gained = Math.Max(gained, (distance - UnitVectors.Length(x - moved)).max().item<double>());
        }
        return check.RequireAtMost(
            check.Tolerance(dtype),
            gained,
            $"Project does not give the closest point in {dtype}: another point of M is nearer by {gained:0.###e+0}.");
    }

    private static bool AreFeatures(ManifoldCheck check, ScalarType dtype)
    {
        Tensor points = check.Points(Count).to(dtype), features = check.Manifold.Features(points);
        bool sound = check.RequireForm(features, [Count, check.Manifold.FeatureDimension], dtype, $"Features in {dtype}");
        if (!sound || check.Manifold is not IAntipodalManifold antipodal)
        {
            return sound;
        }
        Tensor antipodes = antipodal.Antipode(points);
        double unlike = ManifoldCheck.Greatest(antipodal.Features(antipodes) - features);
        double off = ManifoldCheck.Greatest(antipodal.Project(antipodes) - antipodes);
        double back = ManifoldCheck.Greatest(antipodal.Antipode(antipodes) - points);
        double apart = UnitVectors.Length(antipodes - points).min().to(ScalarType.Float64).item<double>();
        double tolerance = check.Tolerance(dtype);
        return check.RequireAtMost(tolerance, off, $"Antipode leads off the manifold by {off:0.###e+0} in {dtype}.")
            & check.RequireAtMost(tolerance, back, $"Antipode of the antipode is not the point in {dtype}: it is off by {back:0.###e+0}.")
            & check.Require(apart > tolerance, $"Antipode is the point itself for some points, in {dtype}.")
            & check.RequireAtMost(
                tolerance * Math.Max(1, check.Size),
                unlike,
                $"Features differ between a point and its antipode, by {unlike:0.###e+0} in {dtype}.");
    }

    /// <summary>P and its derivative in memory are those of the tensors.</summary>
    private static bool IsFusedAlike(ManifoldCheck check)
    {
        if (check.Manifold is not IFusedProjection fused)
        {
            return true;
        }
        Tensor x = Scattered(check), weights = check.Noise((int)x.size(0));
        (Tensor values, Tensor gradient) = Pulled(x, weights, check.Manifold.Project);
        (Tensor fusedValues, Tensor fusedGradient) = Pulled(x, weights, from => FusedProjection.Project(fused, from));
        double off = ManifoldCheck.Greatest(values - fusedValues);
        double bent = ManifoldCheck.Greatest((gradient - fusedGradient) / (gradient.abs() + 1));
        return check.RequireAtMost(check.Tolerance(ScalarType.Float64), off, $"The fused projection is off by {off:0.###e+0} from Project.")
            & check.RequireAtMost(1e-4, bent, $"The fused projection's gradient is off by {bent:0.###e+0} from that of Project.");
    }

    private static (Tensor Values, Tensor Gradient) Pulled(Tensor x, Tensor weights, Func<Tensor, Tensor> project)
    {
        Tensor variable = x.detach().clone().requires_grad_();
        Tensor values = project(variable);
        (values * weights).sum().backward();
        return (values.detach(), variable.grad!);
    }
}
