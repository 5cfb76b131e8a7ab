using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Models;

// Autoencoders of two perceptrons.
public sealed partial class DiffusionAutoencoder
{
    /// <summary>Creates an autoencoder of two perceptrons that see the pixels as they are, as in the
    /// paper.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="pixels">The number of pixels of an image.</param>
    /// <param name="options">Widths and likelihood.</param>
    /// <param name="generator">The source of the initial weights.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every fault.</exception>
    public static DiffusionAutoencoder Create(LatentSpace latent, int pixels, NetworkOptions options, Generator generator)
    {
        PixelLikelihood likelihood = LikelihoodOf(options, ObservationShape.Image(1, pixels));
        return Create(latent, pixels, options, generator, likelihood, null);
    }

    /// <summary>Creates an autoencoder of two perceptrons for observations like those of a training
    /// set.</summary>
    /// <remarks>
    /// Vectors are standardised for the networks, as are images with a likelihood that the paper does not
    /// have. The means and scales come from the training set, and so do the unit and the floor of a learnt
    /// variance.
    /// </remarks>
    /// <param name="latent">The latent space.</param>
    /// <param name="train">The training set.</param>
    /// <param name="options">Widths and likelihood.</param>
    /// <param name="generator">The source of the initial weights.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every fault.</exception>
    public static DiffusionAutoencoder Create(LatentSpace latent, ImageSet train, NetworkOptions options, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(train);
        PixelLikelihood likelihood = LikelihoodOf(options, train.Shape);
        likelihood.Prepare(train.Pixels, train.Shape);
        var standardisation = Models.Standardisation.Measure(train, likelihood);
        return Create(latent, train.PixelCount, options, generator, likelihood, standardisation);
    }

    /// <summary>Creates an autoencoder to be filled with what a file has.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="shape">The shape of the observations.</param>
    /// <param name="components">The number of vectors of the basis in which the networks see them; null for
    /// none.</param>
    /// <param name="options">Widths and likelihood.</param>
    internal static DiffusionAutoencoder CreateBlank(LatentSpace latent, ObservationShape shape, int? components, NetworkOptions options)
    {
        using Generator generator = new(0);
        PixelLikelihood likelihood = LikelihoodOf(options, shape);
        Standardisation? standardisation =
            Models.Standardisation.IsFor(shape, likelihood) ? new Standardisation(shape, likelihood, components) : null;
        return Create(latent, shape.Size, options, generator, likelihood, standardisation);
    }

    private static DiffusionAutoencoder Create(
        LatentSpace latent,
        int pixels,
        NetworkOptions options,
        Generator generator,
        PixelLikelihood likelihood,
        Standardisation? standardisation)
    {
        ArgumentNullException.ThrowIfNull(latent);
        int width = (int?)standardisation?.Basis?.size(0) ?? pixels;
        var encoder = new Mlp(width, options.EncoderWidths, latent.EncoderOutputs, generator);
        var decoder = new Mlp(DecoderInputs(latent, options.AverageAntipodes), options.DecoderWidths, width, generator);
        var model = new DiffusionAutoencoder(latent, encoder, decoder, likelihood, options.AverageAntipodes);
        if (standardisation is not null)
        {
            model.Standardisation = standardisation;
            model.register_module("standardisation", standardisation);
        }
        return model;
    }

    private static PixelLikelihood LikelihoodOf(NetworkOptions options, ObservationShape shape)
    {
        ArgumentNullException.ThrowIfNull(options);
        Guard.NoFaults(options.Faults());
        return PixelLikelihood.Parse(options.Decoder ?? NetworkOptions.PaperDecoder, shape);
    }

    /// <summary>
    /// The number of weights and biases of the autoencoder that <c>Create</c> would make.
    /// </summary>
    internal static Int128 ParameterCount(LatentSpace latent, int pixels, NetworkOptions options) =>
        Mlp.ParameterCount(pixels, options.EncoderWidths, latent.EncoderOutputs)
        + Mlp.ParameterCount(DecoderInputs(latent, options.AverageAntipodes), options.DecoderWidths, pixels);
}
