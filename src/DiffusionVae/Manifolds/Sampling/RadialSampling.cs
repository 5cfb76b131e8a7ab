using DiffusionVae.HeatKernels;

namespace DiffusionVae.Manifolds;

/// <summary>
/// Exact samples of Brownian motion where its density depends on distance alone: a distance by its quantile,
/// a direction at random, and Exp.
/// </summary>
internal static class RadialSampling
{
    public static Tensor Sample(IGeodesicManifold manifold, RadialHeatKernel kernel, Tensor points, Tensor logTime, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        Tensor uniform = torch.rand(logTime.shape, ScalarType.Float64, points.device, generator: generator);
        Tensor direction = UnitVectors.Normalise(
            manifold.ProjectTangent(points, torch.randn(points.shape, points.dtype, points.device, generator: generator)));
        return manifold.Exp(points, direction * Distances(kernel, logTime, uniform).to(points)).MoveToOuterDisposeScope();
    }

    private static Tensor Distances(RadialHeatKernel kernel, Tensor logTime, Tensor uniform)
    {
        double[] logTimes = logTime.to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
        double[] distances = uniform.cpu().contiguous().data<double>().ToArray();
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = kernel.SampleDistance(Math.Exp(logTimes[i]), distances[i]);
        }
        return torch.tensor(distances, logTime.shape);
    }
}
