using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The best attainable log-likelihood of synthetic images: that under their true distribution, a uniform
/// generative factor and the decoder's noise on the pixels. No model has a higher expected log-likelihood on
/// such noisy images. On images without noise a model can exceed it slightly.
/// </summary>
public static class LikelihoodBound
{
    private const int Images = 100;

    /// <summary>
    /// Computes the bound in nats per image. For the translates of a picture under Gaussian noise it is
    /// exact. Otherwise it is a quadrature over the generative factors, for the first 100 images.
    /// </summary>
    /// <param name="family">The family that the images are drawn from.</param>
    /// <param name="images">The images, on the CPU.</param>
    /// <param name="likelihood">The decoder's distribution of pixels.</param>
    /// <returns>The bound; null if the quadrature does not converge, or if
    /// the likelihood learns how noisy images are.</returns>
    public static double? Compute(ImageFamily family, ImageSet images, PixelLikelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(likelihood);
        if (likelihood.Parameters is not null)
        {
            // Without noise in the images, the less a model takes for noise the better.
            return null;
        }
        if (family is PeriodicPicture { Manifold.Dimension: 2 } picture && likelihood is GaussianLikelihood gaussian)
        {
            return TranslationBound.Compute(picture.Pixels, gaussian.Variance).LogLikelihood;
        }
        LatentSpace latent = LatentSpace.Create(family.Manifold);
        using var encoder = nn.Identity();
        using var decoder = new Renderer(family);
        // This decoder takes points, not the even features that latent spaces offer: the images it renders
        // are even by themselves.
        using var truth = new DiffusionAutoencoder(latent, encoder, decoder, likelihood, averageAntipodes: true);
        var result = QuadratureLikelihood.Measure(truth, images, new QuadratureOptions { Images = Math.Min(Images, images.Count) });
        return result.Converged ? result.Mean : null;
    }

    /// <summary>The family as a decoder.</summary>
    private sealed class Renderer(ImageFamily family) : nn.Module<Tensor, Tensor>(nameof(Renderer))
    {
        public override Tensor forward(Tensor input) => family.Render(input);
    }
}
