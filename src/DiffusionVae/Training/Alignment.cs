using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Starts an encoder near a linear map that lays the images on the manifold without tearing or folding them, where there is one. With a random start the map that training
/// ends in is nearly always torn: what is wrong globally is not put right by local steps.
/// </summary>
/// <remarks>
/// <para>
/// The images' principal components, each scaled to variance 1, are turned until they come near the manifold: alternately every point is projected, and the rotation fitted to
/// the projections (orthogonal Procrustes problem; Schönemann 1966), as in the registration of point sets (Besl and McKay 1992). This has many solutions: on a torus, any two waves of a
/// periodic picture. To each the encoder's last layer is fitted by least squares, and the fits are compared by what matters, that near latents come from like images: by the error of
/// taking each image for that of its nearest neighbour on the manifold.
/// </para>
/// <para>
/// What can be unfolded (<see cref="IUnfoldableManifold"/>), and is not encoded so already, is tried unfolded too. A linear map reaches the outer half of a ring torus alone, and takes opposite data to the same point of
/// RP^d; laid on the flat torus and on R^d first, and folded then, they reach everything and stay apart.
/// </para>
/// <para>R^k starts at random: it has no shape to find, and principal components alone, and a decoder ahead of its encoder, are a worse beginning there (samples/defaults).</para>
/// </remarks>
internal static class Alignment
{
    /// <summary>How many images to look at.</summary>
    public const int Images = 1024;

    private const int PriorSample = 10_000;
    private const int Subsets = 16;
    private const int Rotations = 10;
    private const int Rounds = 20;

    /// <summary>Components of less than this share of the greatest variance are taken for noise.</summary>
    private const float LeastVariance = 1e-4f;

    /// <summary>Whether a model is one to align: its encoder is a perceptron, and its latent space more than R^k.</summary>
    /// <remarks>A user-defined space that is not encoded by the coordinates of its points is not aligned.</remarks>
    public static bool IsApplicable(DiffusionAutoencoder model) =>
        model.Encoder is Mlp
        && !model.Latent.Manifolds.All(manifold => manifold is IVectorSpace)
        && model.Latent.Components.All(
            component => component.EncodedManifolds is not null || component.MeanDimension == component.AmbientDimension);

    /// <summary>Aligns an encoder, if the images have as many components as the latent space has coordinates.</summary>
    /// <param name="model">The model, its encoder a perceptron.</param>
    /// <param name="images">Images to learn from, [count, pixels].</param>
    /// <param name="generator">The source of trials, on the same device.</param>
    /// <returns>Whether it was aligned.</returns>
    public static bool Align(DiffusionAutoencoder model, Tensor images, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        LatentSpace latent = model.Latent;
        var encoder = (Mlp)model.Encoder;
        Layout[] ways = [.. Layouts(latent)];
        if (Components(images, 3 * ways.Max(way => way.Space.AmbientDimension)) is not { } components || LeastSquares.Create(encoder.Hidden(images)) is not { } fit)
        {
            return false;
        }
        Tensor? best = ways.Where(way => way.Space.AmbientDimension <= components.size(1))
            .SelectMany(way => Placements(components, way.Space, generator).Select(way.Fold))
            .MinBy(output => NeighbourError(images, latent, fit.Fitted(output)));
        if (best is null)
        {
            return false;
        }
        encoder.SetFirstOutputs(fit.Solve(best));
        return true;
    }

    /// <summary>The spaces to lay components on, and the maps from there: each factor as it is, then each that can be unfolded in its first way, then in its second.</summary>
    private static IEnumerable<Layout> Layouts(LatentSpace latent)
    {
        Layout[][] ofFactors = [.. latent.Components.Select(Encoded).Select(factor => (Layout[])[new(factor, points => points), .. Unfoldings(factor)])];
        for (int i = 0; i < ofFactors.Max(ways => ways.Length); i++)
        {
            Layout[] chosen = [.. ofFactors.Select(ways => ways[Math.Min(i, ways.Length - 1)])];
            long[] widths = [.. chosen.Select(way => (long)way.Space.AmbientDimension)];
            yield return new Layout(
                chosen is [Layout only] ? only.Space : new ProductLatentSpace([.. chosen.Select(way => way.Space)]),
                points => torch.cat([.. chosen.Zip(points.split(widths, -1), (way, part) => way.Fold(part))], -1));
        }
    }

    /// <summary>The space that an encoder puts points out in.</summary>
    private static LatentSpace Encoded(LatentSpace factor) =>
        factor is DiffusionLatentSpace { Projection: EncoderProjection.Unfolded } ? LatentSpace.Create(factor.EncodedManifolds!.Single()) : factor;

    private static IEnumerable<Layout> Unfoldings(LatentSpace factor) => factor.Manifolds is [IUnfoldableManifold folded]
        ? folded.Unfoldings.Select(unfolding => new Layout(LatentSpace.Create(unfolding.Unfolded), points => unfolding.Fold(unfolding.Unfolded.Project(points))))
        : [];

    /// <summary>Layouts to lay components, [count, components], on a latent space: points of it, [count, n].</summary>
    private static IEnumerable<Tensor> Placements(Tensor components, LatentSpace latent, Generator generator)
    {
        (Tensor spread, Tensor inverse) = Spread(latent, generator);
        return Starts((int)components.size(1), latent.AmbientDimension, generator)
            .Select(start => components.matmul(Turned(components, start.to(components.device), latent, spread, inverse)).matmul(spread));
    }

    /// <summary>The scores of the images in their first principal components, [count, components], of mean 0 and variance 1; null if they all are alike, or too large to square.</summary>
    private static Tensor? Components(Tensor images, int most)
    {
        Tensor centred = images - images.mean([0]);
        Tensor products = centred.matmul(centred.t());
        if (!products.isfinite().all().item<bool>())
        {
            return null;
        }
        (Tensor variances, Tensor vectors) = torch.linalg.eigh(products);
        int count = (int)variances.size(0);
        float greatest = variances[count - 1].ToSingle();
        using Scalar least = LeastVariance * greatest;
        int kept = greatest > 0 ? Math.Min(most, (int)variances.gt(least).sum().item<long>()) : 0;
        return kept == 0 ? null : vectors.narrow(1, count - kept, kept).flip(1) * Math.Sqrt(count);
    }

    /// <summary>The root of the covariance of the prior, which gives components the extent of the manifold, and its inverse.</summary>
    private static (Tensor Root, Tensor Inverse) Spread(LatentSpace latent, Generator generator)
    {
        Tensor sample = latent.Prior is { } prior
            ? prior.Sample(PriorSample, generator)
            : latent.Project(torch.randn([PriorSample, latent.AmbientDimension], device: generator.device, generator: generator));
        Tensor centred = sample - sample.mean([0]);
        (Tensor variances, Tensor axes) = torch.linalg.eigh(centred.t().matmul(centred) / PriorSample);
        Tensor deviations = variances.sqrt();
        return ((axes * deviations).matmul(axes.t()), (axes / deviations).matmul(axes.t()));
    }

    /// <summary>
    /// Where to start turning, [components, coordinates]: choices of components, in pairs because those of a symmetric family come in pairs, the greatest first; then random rotations.
    /// </summary>
    private static IEnumerable<Tensor> Starts(int components, int coordinates, Generator generator)
    {
        IEnumerable<int[]> choices = Choices(components / 2, (coordinates + 1) / 2)
            .Select(pairs => pairs.SelectMany(pair => new[] { 2 * pair, (2 * pair) + 1 }).Take(coordinates).ToArray())
            .DefaultIfEmpty([.. Enumerable.Range(0, coordinates)]);
        foreach (int[] choice in choices.OrderBy(choice => choice.Sum()).Take(Subsets))
        {
            yield return torch.eye(components, device: generator.device).index_select(1, torch.tensor(choice, ScalarType.Int64, generator.device));
        }
        int within = Math.Min(components, 2 * coordinates);
        for (int i = 0; i < Rotations; i++)
        {
            Tensor rotation = torch.linalg.qr(torch.randn([within, coordinates], device: generator.device, generator: generator)).Q;
            yield return torch.cat([rotation, torch.zeros(components - within, coordinates, device: generator.device)]);
        }
    }

    /// <summary>The choices of some of the first numbers, increasing; of few numbers only, since there are many choices.</summary>
    private static IEnumerable<int[]> Choices(int numbers, int some)
    {
        int reach = Math.Min(numbers, some + 4);
        return some == 0 ? [[]] : Enumerable.Range(some - 1, Math.Max(0, reach - some + 1)).SelectMany(last => Choices(last, some - 1).Select(others => (int[])[.. others, last]));
    }

    /// <summary>The rotation near a given one that brings components nearest to the manifold.</summary>
    private static Tensor Turned(Tensor components, Tensor start, LatentSpace latent, Tensor spread, Tensor inverse)
    {
        Tensor rotation = start;
        for (int round = 0; round < Rounds; round++)
        {
            using var scope = torch.NewDisposeScope();
            Tensor nearest = latent.Project(components.matmul(rotation).matmul(spread)).matmul(inverse);
            (Tensor left, _, Tensor right) = torch.linalg.svd(components.t().matmul(nearest), fullMatrices: false);
            rotation = left.matmul(right).MoveToOuterDisposeScope();
        }
        return rotation;
    }

    /// <summary>The mean squared error of taking each image for that of the nearest latent.</summary>
    private static double NeighbourError(Tensor images, LatentSpace latent, Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        Tensor features = latent.Features(latent.Mean(output));
        Tensor lengths = features.Squared().sum(-1);
        Tensor distances = lengths - (2 * features.matmul(features.t()));
        Tensor itself = torch.eye(distances.size(0), dtype: ScalarType.Bool, device: distances.device);
        // Numbers of our own: one that only the call holds may be collected, and so freed, while it runs.
        using Scalar never = float.PositiveInfinity;
        Tensor neighbours = distances.masked_fill(itself, never).argmin(1);
        return (images - images.index_select(0, neighbours)).Squared().mean().ToDouble();
    }

    private sealed record Layout(LatentSpace Space, Func<Tensor, Tensor> Fold);
}
