namespace DiffusionVae.Training;

/// <summary>
/// Linear features of observations that differ little between neighbours: those that tell where an
/// observation is on the shape, and not its details.
/// </summary>
/// <remarks>
/// <para>
/// With the covariance C of the observations and that of the differences of neighbours D, they solve
/// D a = μ C a (locality preserving projections: He and Niyogi 2003; slow feature analysis: Wiskott and
/// Sejnowski 2002). A feature of variance 1 is divided by its μ. Distances between the results are mostly
/// those of slow features.
/// </para>
/// <para>
/// Details mislead the nearest neighbours: where two blobs coincide, images of far views are alike. Blurring
/// images would remove details, too. This works for any observations, and finds out which to remove.
/// </para>
/// </remarks>
internal static class SlowFeatures
{
    private const int Most = 32;

    /// <summary>The variance below which a direction counts as none, relative to the greatest.</summary>
    private const double LeastVariance = 1e-6;

    /// <summary>Computes features.</summary>
    /// <param name="scores">[count, components], of mean 0.</param>
    /// <param name="graph">The neighbours.</param>
    /// <returns>[count, features], the slowest first.</returns>
    public static Tensor Compute(Tensor scores, NeighbourGraph graph)
    {
        using var scope = torch.NewDisposeScope();
        Tensor doubles = scores.to(ScalarType.Float64);
        Tensor covariance = doubles.t().matmul(doubles) / scores.size(0);
        (Tensor variances, Tensor axes) = torch.linalg.eigh(covariance);
        int all = (int)variances.size(0);
        int kept = (int)variances.gt(variances[all - 1] * LeastVariance).sum().item<long>();
        Tensor white = axes.narrow(1, all - kept, kept) / variances.narrow(0, all - kept, kept).sqrt();
        (Tensor speeds, Tensor rotation) = torch.linalg.eigh(white.t().matmul(Differences(scores, graph)).matmul(white)); // ascending
        Tensor directions = white.matmul(rotation) / speeds.clamp_min(1e-9);
        return doubles.matmul(directions.narrow(1, 0, Math.Min(Most, kept))).to(scores.dtype).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The mean of (x_i - x_j)(x_i - x_j)ᵀ over neighbours i and j, float64.</summary>
    private static Tensor Differences(Tensor scores, NeighbourGraph graph)
    {
        var sources = new long[graph.Targets.Length];
        for (int i = 0; i < graph.Count; i++)
        {
            sources.AsSpan(graph.Offsets[i]..graph.Offsets[i + 1]).Fill(i);
        }
        using Tensor from = torch.tensor(sources), to = torch.tensor(graph.Targets).to(ScalarType.Int64);
        Tensor differences = scores.index_select(0, from) - scores.index_select(0, to);
        return differences.t().matmul(differences).to(ScalarType.Float64) / sources.Length;
    }
}
