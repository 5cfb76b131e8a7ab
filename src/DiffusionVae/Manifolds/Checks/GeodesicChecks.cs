namespace DiffusionVae.Manifolds;

/// <summary>Distances, geodesics and frames of tangent spaces.</summary>
internal static class GeodesicChecks
{
    private const int Count = 256;

    /// <summary>Distances on the ring torus, say, are right to one percent.</summary>
    private const double Share = 0.02;

    public static void Run(ManifoldCheck check)
    {
        if (check.Manifold is IMetricManifold metric)
        {
            check.Try("Distance", () => IsDistance(check, metric));
        }
        if (check.Manifold is IGeodesicManifold geodesic)
        {
            foreach (ScalarType dtype in ManifoldCheck.Precisions)
            {
                check.Try($"Exp and Log in {dtype}", () => AreInverse(check, geodesic, dtype));
            }
        }
        if (check.Manifold is IFramedManifold framed)
        {
            check.Try("Frame", () => AreFrames(check, framed));
        }
    }

    private static bool IsDistance(ManifoldCheck check, IMetricManifold manifold)
    {
        Tensor p = check.Points(Count), q = check.Points(Count);
        Tensor near = manifold.Project(p + (check.Noise(Count) * (1e-3 * check.Size)));
        Tensor distance = manifold.Distance(p, q), small = manifold.Distance(p, near), chord = UnitVectors.Length(near - p);
        if (!check.RequireForm(distance, [Count, 1], ScalarType.Float64, "Distance"))
        {
            return false;
        }
        double self = ManifoldCheck.Greatest(manifold.Distance(p, p)), uneven = ManifoldCheck.Greatest(distance - manifold.Distance(q, p));
        double beyond = distance.max().item<double>() - manifold.Diameter, relative = ManifoldCheck.Greatest((small / chord) - 1);
        Tensor third = check.Points(Count);
        double detour = (distance - manifold.Distance(p, third) - manifold.Distance(third, q)).max().item<double>();
        double slack = Share * distance.max().item<double>(), tolerance = check.Tolerance(ScalarType.Float64);
        return check.RequireAtMost(tolerance, self, $"Distance of a point from itself is {self:0.###e+0}.")
            & check.RequireAtMost(slack, uneven, $"Distance is not symmetric: it changes by {uneven:0.####} when points are exchanged.")
            & check.RequireAtMost(tolerance, beyond, $"Distance exceeds Diameter, {manifold.Diameter:0.####}, by {beyond:0.###e+0}.")
            & check.RequireAtMost(
                Share,
                relative,
                $"Distance of near points differs from the length of their chord by {100 * relative:0.##}%.")
            & check.RequireAtMost(slack, detour, $"Distance is longer than a way through a third point, by {detour:0.####}.");
    }

    private static bool AreInverse(ManifoldCheck check, IGeodesicManifold manifold, ScalarType dtype)
    {
        Tensor p = check.Points(Count).to(dtype), q = check.Points(Count).to(dtype), log = manifold.Log(p, q);
        Tensor end = manifold.Exp(p, log), noise = check.Noise(Count).to(dtype), tangent = manifold.ProjectTangent(p, noise);
        double missed = ManifoldCheck.Greatest(manifold.Features(end) - manifold.Features(q));
        double length = ManifoldCheck.Greatest(UnitVectors.Length(log) - manifold.Distance(p, q));
        double off = ManifoldCheck.Greatest(manifold.Project(end) - end),
            still = ManifoldCheck.Greatest(manifold.Exp(p, torch.zeros_like(p)) - p);
        double normal = ManifoldCheck.Greatest(manifold.ProjectTangent(p, log) - log);
        double wrong = ManifoldCheck.Greatest(
            tangent - DerivativeChecks.Backpropagated(manifold.Project, p).matmul(noise.unsqueeze(-1)).squeeze(-1));
        double tolerance = 10 * check.Tolerance(dtype) * Math.Max(1, check.Size);
        return check.RequireForm(log, [Count, manifold.AmbientDimension], dtype, $"Log in {dtype}")
            && check.RequireAtMost(tolerance, off, $"Exp leaves the manifold by {off:0.###e+0} in {dtype}.")
                & check.RequireAtMost(tolerance, still, $"Exp of no vector moves a point by {still:0.###e+0} in {dtype}.")
                & check.RequireAtMost(tolerance, missed, $"Exp of Log misses the point by {missed:0.###e+0} in {dtype}.")
                & check.RequireAtMost(tolerance, length, $"The length of Log differs from Distance by {length:0.###e+0} in {dtype}.")
                & check.RequireAtMost(tolerance, normal, $"Log is not tangent: ProjectTangent changes it by {normal:0.###e+0} in {dtype}.")
                & check.RequireAtMost(
                    10 * tolerance,
                    wrong,
                    $"ProjectTangent differs from the derivative of Project on the manifold by {wrong:0.###e+0} in {dtype}.");
    }

    private static bool AreFrames(ManifoldCheck check, IFramedManifold manifold)
    {
        Tensor p = check.Points(Count), frame = manifold.Frame(p);
        if (!check.RequireForm(frame, [Count, manifold.Dimension, manifold.AmbientDimension], ScalarType.Float64, "Frame"))
        {
            return false;
        }
        Tensor jacobian = DerivativeChecks.Backpropagated(manifold.Project, p),
            near = manifold.Project(p + (check.Noise(Count) * (0.05 * check.Size)));
        double unequal = ManifoldCheck.Greatest(
            frame.matmul(frame.transpose(-2, -1)) - torch.eye(manifold.Dimension, dtype: ScalarType.Float64));
        double across = ManifoldCheck.Greatest(frame.matmul(jacobian) - frame);
        bool turned = torch.linalg.det(frame.matmul(manifold.Frame(near).transpose(-2, -1))).lt(0).any().item<bool>();
        return check.RequireAtMost(1e-6, unequal, $"Frame is not orthonormal: a product of two vectors is off by {unequal:0.###e+0}.")
            & check.RequireAtMost(1e-4, across, $"Frame is not tangent: the derivative of Project changes it by {across:0.###e+0}.")
            & check.Require(
                !manifold.IsOrientable || !turned, $"IsOrientable is true, but the frames of near points have opposite orientations.");
    }
}
