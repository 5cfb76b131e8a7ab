namespace DiffusionVae.Training;

/// <summary>The principal components of images.</summary>
internal static class PrincipalComponents
{
    /// <summary>Components with less than this share of the greatest variance count as noise.</summary>
    private const float LeastVariance = 1e-4f;

    /// <summary>
    /// The coordinates of images in their first principal components, each scaled to mean 0 and variance 1.
    /// </summary>
    /// <param name="images">[count, pixels].</param>
    /// <param name="most">The number of components at most.</param>
    /// <returns>[count, components], the greatest variance first; null if the images are all alike, or too
    /// large to square.</returns>
    public static Tensor? Of(Tensor images, int most)
    {
        Tensor centred = images - images.mean([0]);
        Tensor products = centred.matmul(centred.t()); // [count, count]
        if (!products.isfinite().all().item<bool>())
        {
            return null;
        }
        (Tensor variances, Tensor vectors) = torch.linalg.eigh(products); // ascending
        int count = (int)variances.size(0);
        float greatest = variances[count - 1].ToSingle();
        using Scalar least = LeastVariance * greatest;
        int kept = greatest > 0 ? Math.Min(most, (int)variances.gt(least).sum().item<long>()) : 0;
        return kept == 0 ? null : vectors.narrow(1, count - kept, kept).flip(1) * Math.Sqrt(count);
    }
}
