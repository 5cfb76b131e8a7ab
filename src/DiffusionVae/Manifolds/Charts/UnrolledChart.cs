namespace DiffusionVae.Manifolds;

/// <summary>
/// A product of circles unrolled: each coordinate is an angle times the radius of its circle.
/// </summary>
internal static class UnrolledChart
{
    /// <summary>Creates the chart.</summary>
    /// <param name="circles">
    /// The name of each coordinate and the radius of its circle, in length units.
    /// </param>
    /// <param name="ambientDimension">n.</param>
    /// <param name="toAngles">
    /// From points, [..., n], to an angle for each circle, in radians between -π and π.
    /// </param>
    /// <param name="fromAngles">From angles to points.</param>
    /// <param name="isTrueToSize">Whether areas and volumes are those of the manifold.</param>
    public static Chart Create(
        IReadOnlyList<(string Name, double Radius)> circles,
        int ambientDimension,
        Func<Tensor, Tensor> toAngles,
        Func<Tensor, Tensor> fromAngles,
        bool isTrueToSize = false)
    {
        double[] radii = [.. circles.Select(circle => circle.Radius)];
        return Chart.Box(
            [.. circles.Select(circle => new ChartAxis(circle.Name, -Math.PI * circle.Radius, Math.PI * circle.Radius, IsPeriodic: true))],
            ambientDimension,
            points => toAngles(points) * torch.tensor(radii, device: points.device),
            coordinates => fromAngles(coordinates / torch.tensor(radii, device: coordinates.device)),
            isTrueToSize);
    }
}
