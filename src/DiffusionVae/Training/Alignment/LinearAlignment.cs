using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// An alignment by principal components: the last layer of a perceptron lays them on the latent space.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Take the principal components of the images (<see cref="PrincipalComponents"/>).</item>
/// <item>Lay them on the latent space, or on a simpler space that folds onto it (<see cref="LatentLayout"/>),
/// by the rotations that bring them nearest to it (<see cref="RotationSearch"/>). There are many such
/// rotations: on a torus, any two waves of a periodic picture give one.</item>
/// <item>Fit the last layer of the encoder to each result by least squares.</item>
/// <item>Keep the fit with the least <see cref="Training.NeighbourError"/>.</item>
/// </list>
/// </remarks>
internal sealed class LinearAlignment
{
    /// <summary>The number of images to look at.</summary>
    public const int Images = 1024;

    private readonly Mlp encoder;
    private readonly (Tensor Slopes, Tensor Intercepts) lastLayer;

    private LinearAlignment(Mlp encoder, (Tensor Slopes, Tensor Intercepts) lastLayer, double interpolationError) =>
        (this.encoder, this.lastLayer, InterpolationError) = (encoder, lastLayer, interpolationError);

    /// <summary>See <see cref="Training.InterpolationError"/>.</summary>
    public double InterpolationError { get; }

    /// <summary>Finds an alignment. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Images to learn from, [count, pixels].</param>
    /// <param name="generator">The source of random draws, on the same device.</param>
    /// <returns>The alignment; null if the encoder is no perceptron, or the images have fewer components than
    /// the latent space has coordinates.</returns>
    public static LinearAlignment? Find(DiffusionAutoencoder model, Tensor images, Generator generator)
    {
        if (model.Encoder is not Mlp encoder)
        {
            return null;
        }
        using var frozen = torch.no_grad();
        LatentLayout[] layouts = [.. LatentLayout.Of(model.Latent)];
        int most = 3 * layouts.Max(layout => layout.Space.AmbientDimension);
        if (PrincipalComponents.Of(images, most) is not { } components
            || LeastSquares.Create(encoder.Hidden(images)) is not { } fit)
        {
            return null;
        }
        var error = new NeighbourError(images, model.Latent);
        (double Error, Tensor Outputs)[] found =
        [
            .. layouts.Where(layout => layout.Space.AmbientDimension <= components.size(1))
                .SelectMany(layout => RotationSearch.Lay(components, layout.Space, generator).Select(layout.Fold))
                .Select(outputs => (error.Of(fit.Fitted(outputs)), outputs)),
        ];
        if (found.Length == 0)
        {
            return null;
        }
        (_, Tensor best) = found.MinBy(entry => entry.Error);
        return new LinearAlignment(encoder, fit.Solve(best), new InterpolationError(images, model.Latent).Of(fit.Fitted(best)));
    }

    /// <summary>Sets the last layer of the encoder.</summary>
    public void Apply() => encoder.SetFirstOutputs(lastLayer);
}
