namespace DiffusionVae.Manifolds;

/// <summary>Charts and angles: there and back is where one started.</summary>
internal static class CoordinateChecks
{
    private const int Count = 256;

    public static void Run(ManifoldCheck check)
    {
        if (check.Manifold is IChartedManifold charted)
        {
            for (int i = 0; i < charted.Charts.Count; i++)
            {
                (int number, Chart chart) = (i + 1, charted.Charts[i]);
                check.Try($"Chart {number}", () => IsChart(check, number, chart));
            }
        }
        if (check.Manifold is ICircularManifold { IsProductOfCircles: true } circular)
        {
            check.Try("FromAngles", () => AreAngles(check, circular));
        }
    }

    private static bool IsChart(ManifoldCheck check, int number, Chart chart)
    {
        Tensor points = check.Points(Count), coordinates = chart.ToCoordinates(points);
        if (!check.RequireForm(coordinates, [Count, chart.Axes.Count], ScalarType.Float64, $"ToCoordinates of chart {number}"))
        {
            return false;
        }
        (Tensor back, Tensor inside) = chart.ToPoints(coordinates);
        double missed = ManifoldCheck.Greatest(check.Manifold.Features(back) - check.Manifold.Features(points));
        // Some axes end at the greatest coordinate of a grid of points: a thousandth of an axis is no fault.
        double outside = chart.Axes.Select((axis, i) => Math.Max(
            axis.Low - coordinates.select(-1, i).min().item<double>(),
            coordinates.select(-1, i).max().item<double>() - axis.High) - (1e-3 * (axis.High - axis.Low))).Max();
        double tolerance = 10 * check.Tolerance(ScalarType.Float64) * Math.Max(1, check.Size);
        return check.RequireAtMost(tolerance, missed, $"Chart {number} does not lead back: a point is missed by {missed:0.###e+0}.")
            & check.RequireAtMost(0, outside, $"Chart {number} draws a point outside its axes, by {outside:0.###e+0}.")
            & check.Require(
                inside.to(ScalarType.Float64).mean().item<double>() > 0.9,
                $"Chart {number} says of places of points that they are not inside.");
    }

    private static bool AreAngles(ManifoldCheck check, ICircularManifold manifold)
    {
        Tensor angles = (torch.rand([Count, manifold.Dimension], ScalarType.Float64, CPU, generator: check.Generator) * 2 - 1) * Math.PI;
        Tensor points = manifold.FromAngles(angles), vectors = manifold.CircleVectors(points);
        double off = ManifoldCheck.Greatest(manifold.Project(points) - points);
        if (!check.RequireForm(vectors, [Count, manifold.Dimension, 2], ScalarType.Float64, "CircleVectors"))
        {
            return false;
        }
        Tensor difference = torch.atan2(vectors.select(-1, 1), vectors.select(-1, 0)) - angles;
        double turned = ManifoldCheck.Greatest(difference - ((difference / (2 * Math.PI)).round() * (2 * Math.PI)));
        return check.RequireAtMost(check.Tolerance(ScalarType.Float64), off, $"FromAngles leaves the manifold by {off:0.###e+0}.")
            & check.RequireAtMost(
                1e-6,
                turned,
                $"CircleVectors point in other directions than the angles of FromAngles, by {turned:0.###e+0} radians.");
    }
}
