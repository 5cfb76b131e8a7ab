namespace DiffusionVae.Training;

/// <summary>The scores of observations in their first principal components, in the scale of the
/// data.</summary>
internal static class PrincipalScores
{
    /// <summary>Enough observations to find the axes.</summary>
    private const int AxesFrom = 1024;

    /// <summary>Computes scores.</summary>
    /// <param name="observations">[count, numbers], float32.</param>
    /// <param name="most">The number of components at most.</param>
    /// <returns>Scores, [count, components], the greatest variance first; null if the observations are all
    /// alike, or too large to square.</returns>
    public static Tensor? Of(Tensor observations, int most)
    {
        Tensor mean = observations.mean([0]);
        Tensor some = observations.narrow(0, 0, Math.Min(AxesFrom, observations.size(0))) - mean;
        bool isWide = some.size(1) > some.size(0);
        Tensor products = isWide ? some.matmul(some.t()) : some.t().matmul(some);
        if (!products.isfinite().all().item<bool>())
        {
            return null;
        }
        (Tensor variances, Tensor vectors) = torch.linalg.eigh(products); // ascending
        int all = (int)variances.size(0), kept = Math.Min(most, all);
        Tensor greatest = variances.narrow(0, all - kept, kept).flip(0).clamp_min(0);
        double first = greatest[0].ToDouble();
        kept = first > 0 ? (int)greatest.gt(1e-6 * first).sum().item<long>() : 0;
        if (kept == 0)
        {
            return null;
        }
        Tensor axes = vectors.flip(1).narrow(1, 0, kept);
        axes = isWide ? some.t().matmul(axes) / greatest.narrow(0, 0, kept).sqrt() : axes;
        return (observations - mean).matmul(axes).contiguous();
    }
}
