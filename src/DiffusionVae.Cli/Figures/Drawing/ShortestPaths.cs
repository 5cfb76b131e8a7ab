using DiffusionVae.Manifolds;
using static TorchSharp.torch;

namespace DiffusionVae.Cli.Figures;

/// <summary>Points along shortest paths: by formula where geodesics have one, else by distances.</summary>
internal static class ShortestPaths
{
    private const int Candidates = 4096;
    private const int Rounds = 200;

    /// <summary>Whether they can be had.</summary>
    public static bool AreKnown(IManifold manifold) => manifold is IGeodesicManifold or (IMetricManifold and IClosedManifold);

    /// <summary>Points at even steps from one point to another, both included.</summary>
    /// <param name="manifold">A manifold whose shortest paths are known.</param>
    /// <param name="from">[paths, n].</param>
    /// <param name="to">[paths, n].</param>
    /// <param name="steps">Points on a path, at least 2.</param>
    /// <returns>[paths, steps, n].</returns>
    public static Tensor Between(IManifold manifold, Tensor from, Tensor to, int steps)
    {
        using var scope = NewDisposeScope();
        Tensor shares = linspace(0, 1, steps, from.dtype).view(1, steps, 1);
        (Tensor start, Tensor end) = (from.unsqueeze(1), to.unsqueeze(1));
        Tensor path = manifold is IGeodesicManifold geodesic
            ? geodesic.Exp(start, geodesic.Log(start, end) * shares)
            : Search((IMetricManifold)manifold, start, end, shares);
        return path.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Of points everywhere, those whose distances from both ends are nearest to what they should be; then
    /// each is drawn to the middle between its neighbours, which shortens the path.
    /// </summary>
    private static Tensor Search(IMetricManifold manifold, Tensor start, Tensor end, Tensor shares)
    {
        using var generator = new Generator(0);
        Tensor candidates = ((IClosedManifold)manifold).SampleUniform(Candidates, generator, start.dtype);
        Tensor whole = manifold.Distance(start, end);
        Tensor errors = (manifold.Distance(start, candidates).mT - (shares * whole)).abs()
            + (manifold.Distance(candidates, end).mT - ((1 - shares) * whole)).abs();
        Tensor nearest = candidates.index_select(0, errors.argmin(-1).flatten());
        Tensor inside = nearest.view(start.size(0), -1, candidates.size(-1)).narrow(1, 1, shares.size(1) - 2);
        for (int round = 0; round < Rounds; round++)
        {
            using var scope = NewDisposeScope();
            Tensor path = cat([start, inside, end], 1);
            inside = manifold.Project((path[.., ..^2] + path[.., 2..]) / 2).MoveToOuterDisposeScope();
        }
        return cat([start, inside, end], 1);
    }
}
