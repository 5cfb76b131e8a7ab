using DiffusionVae.Data;

namespace DiffusionVae.Models;

/// <summary>What the networks and the likelihood need to know of a training set.</summary>
internal static class FeatureStatistics
{
    private const int RowsAtOnce = 1024;

    /// <summary>As many values of a feature are looked at for its step.</summary>
    private const int MostValues = 1 << 20;

    /// <summary>
    /// The variance of each feature of vectors, [features]; of images the mean of those of the pixels, [1].
    /// Features that are constant get the mean of the others; 1 if all are constant.
    /// </summary>
    /// <param name="values">[count, features].</param>
    /// <param name="shape">The shape of a row.</param>
    public static Tensor Variance(Tensor values, ObservationShape shape)
    {
        using var scope = torch.NewDisposeScope();
        Tensor mean = values.mean([0], type: ScalarType.Float64).to(values.dtype), sum = torch.zeros(shape.Size, ScalarType.Float64);
        foreach (Tensor rows in values.split(RowsAtOnce))
        {
            sum.add_((rows - mean).Squared().sum([0], type: ScalarType.Float64));
        }
        Tensor variances = sum / values.size(0);
        Tensor varies = variances.gt(0), average = variances.sum() / varies.sum().clamp_min(1);
        Tensor usual = average.where(average.gt(0), torch.ones_like(average));
        Tensor ofFeatures = shape.IsImage ? usual.unsqueeze(0) : variances.where(varies, usual);
        return ofFeatures.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The smallest difference between two values of a feature, [features]; of images one number for all
    /// pixels, [1]. Pixels of 8 bits have a step of 1/255.
    /// </summary>
    /// <param name="values">[count, features].</param>
    /// <param name="shape">The shape of a row.</param>
    public static Tensor Step(Tensor values, ObservationShape shape)
    {
        using var scope = torch.NewDisposeScope();
        Tensor columns = shape.IsImage ? values[..(int)Math.Clamp(MostValues / shape.Size, 1, values.size(0))].reshape(-1, 1)
            : values[..(int)Math.Min(MostValues / 16, values.size(0))];
        Tensor sorted = columns.sort(0).Values;
        Tensor differences = sorted.diff(1, 0);
        using Scalar none = float.PositiveInfinity;
        Tensor infinite = torch.full_like(differences, float.PositiveInfinity);
        if (differences.size(0) == 0)
        {
            return torch.zeros(columns.size(1)).MoveToOuterDisposeScope();
        }
        Tensor least = differences.where(differences.gt(0), infinite).amin([0]);
        return least.where(least.isfinite(), torch.zeros_like(least)).MoveToOuterDisposeScope();
    }
}
