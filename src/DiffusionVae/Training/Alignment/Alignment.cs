using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Gives an encoder, before training, a start that lays the images on the latent space without tears and
/// folds. From a random start the encoder nearly always ends torn: local steps do not repair what is wrong
/// globally.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Take the principal components of the images (<see cref="PrincipalComponents"/>).</item>
/// <item>Lay them on the latent space, or on a simpler space that folds onto it (<see cref="LatentLayout"/>),
/// by the rotations that bring them nearest to it (<see cref="RotationSearch"/>). There are many such
/// rotations: on a torus, any two waves of a periodic picture give one.</item>
/// <item>Fit the last layer of the encoder to each result by least squares.</item>
/// <item>Keep the fit that puts like images close together. Its error is that of replacing each image by the
/// image of its nearest neighbour in the latent space.</item>
/// </list>
/// <para>
/// R^k starts at random. It has no shape to find, and on it principal components, with a decoder ahead of its
/// encoder, are a worse start than none.
/// </para>
/// </remarks>
internal static class Alignment
{
    /// <summary>The number of images to look at.</summary>
    public const int Images = 1024;

    /// <summary>
    /// Whether a model can be aligned: its encoder is a perceptron, and its latent space has a shape to find.
    /// </summary>
    /// <remarks>
    /// A user-defined space that is not encoded by the coordinates of its points is not aligned.
    /// </remarks>
    public static bool IsApplicable(DiffusionAutoencoder model) =>
        model.Encoder is Mlp
        && !model.Latent.Manifolds.All(manifold => manifold is IVectorSpace)
        && model.Latent.Components.All(
            component => component.EncodedManifolds is not null || component.MeanDimension == component.AmbientDimension);

    /// <summary>
    /// Aligns an encoder, if the images have at least as many components as the latent space has coordinates.
    /// </summary>
    /// <param name="model">The model; its encoder is a perceptron.</param>
    /// <param name="images">Images to learn from, [count, pixels].</param>
    /// <param name="generator">The source of random draws, on the same device.</param>
    /// <returns>Whether the encoder was aligned; if not, it stays as it was.</returns>
    public static bool Align(DiffusionAutoencoder model, Tensor images, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var encoder = (Mlp)model.Encoder;
        LatentLayout[] layouts = [.. LatentLayout.Of(model.Latent)];
        int most = 3 * layouts.Max(layout => layout.Space.AmbientDimension);
        if (PrincipalComponents.Of(images, most) is not { } components
            || LeastSquares.Create(encoder.Hidden(images)) is not { } fit)
        {
            return false;
        }
        Tensor? best = layouts.Where(layout => layout.Space.AmbientDimension <= components.size(1))
            .SelectMany(layout => RotationSearch.Lay(components, layout.Space, generator).Select(layout.Fold))
            .MinBy(outputs => NeighbourError(images, model.Latent, fit.Fitted(outputs)));
        if (best is null)
        {
            return false;
        }
        encoder.SetFirstOutputs(fit.Solve(best));
        return true;
    }

    /// <summary>
    /// The mean squared error of replacing each image by the image whose latent is nearest to its own.
    /// </summary>
    private static double NeighbourError(Tensor images, LatentSpace latent, Tensor outputs)
    {
        using var scope = torch.NewDisposeScope();
        Tensor features = latent.Features(latent.Mean(outputs)); // [count, features]
        Tensor lengths = features.Squared().sum(-1);
        Tensor distances = lengths - (2 * features.matmul(features.t())); // [count, count], less a constant in each row
        Tensor itself = torch.eye(distances.size(0), dtype: ScalarType.Bool, device: distances.device);
        // Held here: a number that only the call holds may be collected, and so freed, while the call runs.
        using Scalar never = float.PositiveInfinity;
        Tensor neighbours = distances.masked_fill(itself, never).argmin(1);
        return (images - images.index_select(0, neighbours)).Squared().mean().ToDouble();
    }
}
