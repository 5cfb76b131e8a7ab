using DiffusionVae.LatentSpaces;

namespace DiffusionVae.Models;

/// <summary>A variational autoencoder with a latent space of one's choice: encoder, latent space, decoder.</summary>
/// <remarks>
/// Images are rows [batch, pixels]. Tensors returned are new and belong to the caller's dispose scope. Owns the two networks.
/// </remarks>
public sealed class DiffusionAutoencoder : nn.Module
{
    /// <summary>Joins networks of one's own to a latent space.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="encoder">[batch, pixels] → [batch, <see cref="LatentSpace.EncoderOutputs"/>]: coordinates of a point, before projection, then log times.</param>
    /// <param name="decoder">[batch, <see cref="DecoderInputs"/>] → [batch, pixels].</param>
    /// <param name="likelihood">What the decoder's output means.</param>
    /// <param name="averageAntipodes">See <see cref="NetworkOptions.AverageAntipodes"/>.</param>
    public DiffusionAutoencoder(
        LatentSpace latent, nn.Module<Tensor, Tensor> encoder, nn.Module<Tensor, Tensor> decoder, PixelLikelihood likelihood, bool averageAntipodes = false)
        : base(nameof(DiffusionAutoencoder))
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(likelihood);
        (Latent, Encoder, Decoder, Likelihood, AveragesAntipodes) = (latent, encoder, decoder, likelihood, averageAntipodes);
        register_module("encoder", encoder);
        register_module("decoder", decoder);
    }

    /// <summary>The latent space.</summary>
    public LatentSpace Latent { get; }

    /// <summary>The encoder.</summary>
    public nn.Module<Tensor, Tensor> Encoder { get; }

    /// <summary>The decoder.</summary>
    public nn.Module<Tensor, Tensor> Decoder { get; }

    /// <summary>What the decoder's output means.</summary>
    public PixelLikelihood Likelihood { get; }

    /// <summary>
    /// Whether the decoder sees the point itself, and its outputs for all points of R^n that stand for the same point are averaged;
    /// otherwise it sees <see cref="LatentSpace.Features"/>.
    /// </summary>
    public bool AveragesAntipodes { get; }

    /// <summary>The width of a decoder's input for a latent space.</summary>
    public static int DecoderInputs(LatentSpace latent, bool averageAntipodes = false)
    {
        ArgumentNullException.ThrowIfNull(latent);
        return averageAntipodes ? latent.AmbientDimension : latent.FeatureDimension;
    }

    /// <summary>An autoencoder of two perceptrons, as in the paper.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="pixels">The number of pixels of an image.</param>
    /// <param name="options">Widths and likelihood.</param>
    /// <param name="generator">The source of the initial weights.</param>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static DiffusionAutoencoder Create(LatentSpace latent, int pixels, NetworkOptions options, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(options);
        Guard.NoFaults(options.Faults());
        var encoder = new Mlp(pixels, options.EncoderWidths, latent.EncoderOutputs, generator);
        var decoder = new Mlp(DecoderInputs(latent, options.AverageAntipodes), options.DecoderWidths, pixels, generator);
        return new DiffusionAutoencoder(latent, encoder, decoder, PixelLikelihood.Parse(options.Decoder), options.AverageAntipodes);
    }

    /// <summary>The number of weights and biases of the autoencoder that <see cref="Create"/> would make.</summary>
    internal static Int128 ParameterCount(LatentSpace latent, int pixels, NetworkOptions options) =>
        Mlp.ParameterCount(pixels, options.EncoderWidths, latent.EncoderOutputs)
        + Mlp.ParameterCount(DecoderInputs(latent, options.AverageAntipodes), options.DecoderWidths, pixels);

    /// <summary>The posteriors of images.</summary>
    /// <param name="images">[batch, pixels].</param>
    public Posterior Encode(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] output = Encoder.forward(images).split([Latent.MeanDimension, Latent.TimeDimension], -1);
        return new Posterior(Latent.Mean(output[0]).MoveToOuterDisposeScope(), Latent.LogTime(output[1]).MoveToOuterDisposeScope());
    }

    /// <summary>The mean images of points.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, pixels].</returns>
    public Tensor Decode(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        return Likelihood.Mean(DecoderOutput(points)).MoveToOuterDisposeScope();
    }

    /// <summary>What the decoder puts out for points: the parameters of <see cref="Likelihood"/>.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, pixels].</returns>
    public Tensor DecoderOutput(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        if (!AveragesAntipodes)
        {
            return Decoder.forward(Latent.Features(points)).MoveToOuterDisposeScope();
        }
        IReadOnlyList<Tensor> representatives = Latent.Representatives(points);
        Tensor outputs = Decoder.forward(torch.cat([.. representatives], 0));
        return outputs.view([representatives.Count, .. points.shape[..^1], outputs.size(-1)]).mean([0]).MoveToOuterDisposeScope();
    }

    /// <summary>The mean images of images' own points: reconstructions without noise.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <returns>[batch, pixels].</returns>
    public Tensor Reconstruct(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        return Decode(Encode(images).Mean).MoveToOuterDisposeScope();
    }

    /// <summary>The terms of the evidence lower bound, from reparametrised samples of each posterior (paper, section 3.4).</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    /// <param name="samples">How many of each posterior, at least 1: the L of Kingma and Welling (2014, section 2.3).</param>
    public ElboTerms Elbo(Tensor images, Generator generator, int samples = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return Elbo(images, samples, posterior => Latent.Sample(posterior, generator));
    }

    /// <summary>The same from exact samples, where they can be had: what is reported. Not differentiable through the sample.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    public ElboTerms ExactElbo(Tensor images, Generator generator) => Elbo(images, samples: 1, posterior => Latent.SampleExact(posterior, generator));

    private ElboTerms Elbo(Tensor images, int samples, Func<Posterior, Tensor> sample)
    {
        using var scope = torch.NewDisposeScope();
        Posterior posterior = Encode(images);
        PixelScore fit = samples == 1
            ? Likelihood.Score(images, DecoderOutput(sample(posterior)))
            : MeanScore(images, samples, DecoderOutput(sample(posterior.Repeat(samples))));
        Tensor divergence = Latent.Divergence(posterior);
        return new ElboTerms(
            fit.LogLikelihood.MoveToOuterDisposeScope(),
            divergence.MoveToOuterDisposeScope(),
            fit.SquaredError.MoveToOuterDisposeScope(),
            new Posterior(posterior.Mean.MoveToOuterDisposeScope(), posterior.LogTime.MoveToOuterDisposeScope()));
    }

    /// <summary>The mean over samples of how well images are explained.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="samples">How many there are of each image.</param>
    /// <param name="outputs">[samples * batch, pixels].</param>
    private PixelScore MeanScore(Tensor images, int samples, Tensor outputs)
    {
        // Of one shape: libtorch warns of broadcasting, in every step.
        PixelScore fits = Likelihood.Score(images.expand(samples, -1, -1), outputs.view(samples, images.size(0), images.size(1)));
        return new PixelScore(fits.LogLikelihood.mean([0]), fits.SquaredError.mean([0]));
    }
}
