using DiffusionVae.Manifolds;

namespace DiffusionVae.Evaluation;

/// <summary>Jacobian determinants of maps between manifolds with frames, by central differences.</summary>
internal static class Jacobian
{
    /// <summary>The determinants, in the frames of both manifolds.</summary>
    /// <param name="from">The source of the map; it has frames.</param>
    /// <param name="to">The target of the map, of the same dimension.</param>
    /// <param name="map">The map.</param>
    /// <param name="points">Points of the source, [count, n].</param>
    /// <param name="difference">The length of the step to either side.</param>
    /// <returns>[count].</returns>
    public static Tensor Determinants(IManifold from, IFramedManifold to, Func<Tensor, Tensor> map, Tensor points, double difference)
    {
        using var scope = torch.NewDisposeScope();
        Tensor steps = ((IFramedManifold)from).Frame(points) * difference;
        Tensor centre = points.unsqueeze(-2);
        Tensor arguments = torch.cat([centre, from.Project(centre + steps), from.Project(centre - steps)], -2); // [count, 2d + 1, n]
        Tensor values = map(arguments.flatten(0, 1)).view(points.size(0), (2 * from.Dimension) + 1, -1);
        Tensor value = values.narrow(1, 0, 1);
        Tensor ahead = NearestTo(value, values.narrow(1, 1, from.Dimension), to);
        Tensor behind = NearestTo(value, values.narrow(1, 1 + from.Dimension, from.Dimension), to);
        Tensor derivative = (ahead - behind) / (2 * difference);
        return torch.linalg.det(derivative.matmul(to.Frame(value.squeeze(1)).transpose(-2, -1))).MoveToOuterDisposeScope();
    }

    /// <summary>Where two vectors denote each point, the one on the same side as the value.</summary>
    private static Tensor NearestTo(Tensor value, Tensor others, IManifold manifold) => manifold is IAntipodalManifold antipodal
        ? torch.where((value * others).sum(-1, keepdim: true).lt(0), antipodal.Antipode(others), others)
        : others;
}
