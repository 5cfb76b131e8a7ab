using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Evaluation;

/// <summary>
/// The log-likelihood of images under the distribution they come from: a uniform true factor, and the decoder's noise on the pixels. No model has a higher expected
/// log-likelihood on such noisy images; on images without noise one can by a little, see <see cref="TranslationBound"/>.
/// </summary>
public static class LikelihoodBound
{
    private const int Images = 100;

    /// <summary>The limit, in nats per image: for the translates of a picture under Gaussian noise exactly, otherwise by quadrature over the true factors for the first 100 images.</summary>
    /// <param name="family">What the images are draws of.</param>
    /// <param name="images">The images, on the processor.</param>
    /// <param name="likelihood">The decoder's distribution of pixels.</param>
    /// <returns>The limit; null where the quadrature does not converge.</returns>
    public static double? Of(ImageFamily family, ImageSet images, PixelLikelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(likelihood);
        if (family is PeriodicPicture { Manifold.Dimension: 2 } picture && likelihood is GaussianLikelihood gaussian)
        {
            return TranslationBound.Compute(picture.Pixels, gaussian.Variance).LogLikelihood;
        }
        LatentSpace latent = LatentSpace.Create(family.Manifold);
        using var encoder = nn.Identity();
        using var decoder = new Renderer(family);
        // A decoder that sees points, not the even functions of them that latent spaces offer: what it draws is even by itself.
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
