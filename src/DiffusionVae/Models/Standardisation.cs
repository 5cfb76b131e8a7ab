using DiffusionVae.Data;

namespace DiffusionVae.Models;

/// <summary>
/// What the networks see in place of the data: values of mean 0 and variance 1 in the training set.
/// </summary>
/// <remarks>
/// <para>
/// The encoder gets (x - c) / s; of counts it gets the same of log(1 + x). The decoder's outputs y become
/// c' + s' y, parameters of the likelihood in the data's own units. So log p(x|z) and the ELBO are in those
/// units without a Jacobian. Vectors have a mean and a scale for each feature, images a mean for each pixel
/// and one scale.
/// </para>
/// <para>
/// Images with more pixels than there are training images lie in a plane of as many dimensions as there are
/// of those. Their networks see coordinates in an orthonormal basis B of that plane, B (x - c) / s, and the
/// decoder's outputs become c' + s' Bᵀy: the same distances in a hundredth of the numbers, say.
/// </para>
/// </remarks>
internal sealed class Standardisation : nn.Module
{
    /// <summary>The most training images for which a basis is sought.</summary>
    private const int MostImages = 2000;

    /// <summary>Directions with less than this share of the greatest variance are left out.</summary>
    private const double LeastVariance = 1e-7;

    private readonly bool ofCounts;

    /// <summary>Creates one that changes nothing yet.</summary>
    /// <param name="shape">The shape of the observations.</param>
    /// <param name="likelihood">Says whether they are counts.</param>
    /// <param name="components">The number of vectors in the basis; null for none.</param>
    public Standardisation(ObservationShape shape, PixelLikelihood likelihood, int? components)
        : base(nameof(Standardisation))
    {
        ofCounts = likelihood.NeedsCounts;
        foreach (string side in new[] { "input", "output" })
        {
            register_buffer($"{side}_centre", torch.zeros(shape.Size).DetachFromDisposeScope());
            register_buffer($"{side}_scale", torch.ones(shape.IsImage ? 1 : shape.Size).DetachFromDisposeScope());
        }
        if (components is { } count)
        {
            register_buffer("basis", torch.zeros(count, shape.Size).DetachFromDisposeScope());
        }
    }

    /// <summary>
    /// Whether observations are standardised: vectors always, and images whose likelihood is not of the
    /// paper's kind, with pixels in [0, 1].
    /// </summary>
    public static bool IsFor(ObservationShape shape, PixelLikelihood likelihood) =>
        !shape.IsImage || likelihood is not (GaussianLikelihood or BernoulliLikelihood);

    /// <summary>Takes means, scales and a basis from a training set; null where observations are not
    /// standardised.</summary>
    public static Standardisation? Measure(ImageSet train, PixelLikelihood likelihood)
    {
        if (!IsFor(train.Shape, likelihood))
        {
            return null;
        }
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        (Tensor pixels, ObservationShape shape) = (train.Pixels, train.Shape);
        Tensor mean = pixels.mean([0], type: ScalarType.Float64).to(ScalarType.Float32);
        Tensor inputs = likelihood.NeedsCounts ? pixels.log1p() : pixels;
        Tensor? basis = likelihood is LearnedGaussianLikelihood && shape.IsImage && train.Count < shape.Size && train.Count <= MostImages
            ? FindBasis(pixels - mean)
            : null;
        var result = new Standardisation(shape, likelihood, (int?)basis?.size(0));
        if (basis is not null)
        {
            result.Basis!.copy_(basis);
        }
        result.Of("input_centre").copy_(inputs.mean([0], type: ScalarType.Float64));
        result.Of("input_scale").copy_(FeatureStatistics.Variance(inputs, shape).sqrt());
        if (basis is not null)
        {
            // The variance of all pixels is that of all coordinates.
            result.Of("input_scale").mul_(Math.Sqrt((double)shape.Size / basis.size(0)));
        }
        if (likelihood.OutputFor(mean) is { } centre)
        {
            result.OutputCentre.copy_(centre);
            if (!likelihood.NeedsCounts)
            {
                result.OutputScale.copy_(result.Of("input_scale"));
            }
        }
        return result;
    }

    /// <summary>An orthonormal basis, [components, features]; null where there is none.</summary>
    public Tensor? Basis => get_buffer("basis");

    /// <summary>The parameters of the likelihood where the decoder puts out 0, [features].</summary>
    public Tensor OutputCentre => Of("output_centre");

    /// <summary>What a change of the decoder's output by 1 changes, [1] or [features].</summary>
    public Tensor OutputScale => Of("output_scale");

    /// <summary>What the encoder gets.</summary>
    /// <param name="observations">[batch, features].</param>
    public Tensor Input(Tensor observations)
    {
        using var scope = torch.NewDisposeScope();
        Tensor values = (ofCounts ? observations.log1p() : observations) - Of("input_centre");
        return ((Basis is { } basis ? values.matmul(basis.t()) : values) / Of("input_scale")).MoveToOuterDisposeScope();
    }

    /// <summary>The parameters of the likelihood.</summary>
    /// <param name="output">What the decoder puts out, [batch, features] or [batch, components].</param>
    public Tensor Output(Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        Tensor scaled = output * OutputScale;
        return ((Basis is { } basis ? scaled.matmul(basis) : scaled) + OutputCentre).MoveToOuterDisposeScope();
    }

    private Tensor Of(string buffer) => get_buffer(buffer) ?? throw new InvalidOperationException($"There is no buffer '{buffer}'.");

    /// <summary>The directions in which centred images vary, by the eigenvectors of their products.</summary>
    private static Tensor? FindBasis(Tensor centred)
    {
        Tensor images = centred.to(ScalarType.Float64);
        (Tensor variances, Tensor vectors) = torch.linalg.eigh(images.matmul(images.t())); // ascending
        int count = (int)variances.gt(variances.max() * LeastVariance).sum().item<long>();
        if (count == 0 || variances.max().item<double>() <= 0)
        {
            return null;
        }
        long first = variances.size(0) - count;
        Tensor kept = vectors.narrow(1, first, count) / variances.narrow(0, first, count).sqrt();
        return kept.t().matmul(images).to(ScalarType.Float32);
    }
}
