using DiffusionVae.LatentSpaces;
using DiffusionVae.Manifolds;

namespace DiffusionVae.Models;

/// <summary>
/// A variational autoencoder: an encoder, a latent space, a decoder, and a likelihood of pixels.
/// </summary>
/// <remarks>
/// <para>
/// Encoder and decoder are any modules, with parameters, buffers and modes of their own. Both are registered
/// as <c>encoder</c> and <c>decoder</c>: <c>named_parameters</c>, <c>named_buffers</c>, <c>train</c> and
/// <c>eval</c> reach them. No method sets the mode: a trainer does, and who calls <see cref="Encode"/> or
/// <see cref="Decode"/> by hand calls <c>eval</c> first where a network has dropout or batch normalisation.
/// </para>
/// <para>
/// Images are rows [batch, pixels]. Where rows are independent (<see cref="HasIndependentRows"/>), several
/// threads call the networks, the latent space and the likelihood at once, each with rows of its own. Tensors
/// returned are new and belong to the caller's dispose scope. Owns the two networks.
/// </para>
/// </remarks>
public sealed partial class DiffusionAutoencoder : nn.Module
{
    /// <summary>Joins any two networks to a latent space.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="encoder">
    /// [batch, pixels] → [batch, <see cref="LatentSpace.EncoderOutputs"/>]: coordinates of a point, before
    /// projection, then log times.
    /// </param>
    /// <param name="decoder">[batch, <see cref="DecoderInputs"/>] → [batch, pixels].</param>
    /// <param name="likelihood">The distribution whose parameters the decoder puts out.</param>
    /// <param name="averageAntipodes">See <see cref="NetworkOptions.AverageAntipodes"/>.</param>
    public DiffusionAutoencoder(
        LatentSpace latent,
        nn.Module<Tensor, Tensor> encoder,
        nn.Module<Tensor, Tensor> decoder,
        PixelLikelihood likelihood,
        bool averageAntipodes = false)
        : base(nameof(DiffusionAutoencoder))
    {
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(likelihood);
        (Latent, Encoder, Decoder, Likelihood, AveragesAntipodes) = (latent, encoder, decoder, likelihood, averageAntipodes);
        HasIndependentRows = (encoder, decoder) is (Mlp, Mlp)
            && ((IEnumerable<object>)[likelihood, latent, .. latent.Components, .. latent.Manifolds]).All(IsOfLibrary);
        register_module("encoder", encoder);
        register_module("decoder", decoder);
        if (likelihood.Parameters is { } parameters)
        {
            register_module("likelihood", parameters);
        }
    }

    /// <summary>The width of a decoder's input for a latent space.</summary>
    /// <param name="latent">The latent space.</param>
    /// <param name="averageAntipodes">See <see cref="NetworkOptions.AverageAntipodes"/>.</param>
    /// <returns>
    /// The number of features of a point; the number of its coordinates where antipodes are averaged.
    /// </returns>
    public static int DecoderInputs(LatentSpace latent, bool averageAntipodes = false)
    {
        ArgumentNullException.ThrowIfNull(latent);
        return averageAntipodes ? latent.AmbientDimension : latent.FeatureDimension;
    }

    /// <summary>The latent space.</summary>
    public LatentSpace Latent { get; }

    /// <summary>The encoder.</summary>
    public nn.Module<Tensor, Tensor> Encoder { get; }

    /// <summary>The decoder.</summary>
    public nn.Module<Tensor, Tensor> Decoder { get; }

    /// <summary>The distribution whose parameters the decoder puts out.</summary>
    public PixelLikelihood Likelihood { get; }

    /// <summary>What the networks see in place of the data; null where they see the data.</summary>
    internal Standardisation? Standardisation { get; private set; }

    /// <summary>
    /// Whether the decoder's input is the point itself, and its outputs for all rows of coordinates that
    /// denote the same point are averaged. Otherwise its input is <see cref="LatentSpace.Features"/>.
    /// </summary>
    public bool AveragesAntipodes { get; }

    /// <summary>
    /// Whether a row of a result depends on that row of the argument alone, in training, too, and rows may be
    /// computed by several threads at once. By default it is so where all parts are the library's own: both
    /// networks an <see cref="Mlp"/>, and no manifold, latent space or likelihood defined by a user.
    /// </summary>
    /// <remarks>
    /// Then training and evaluation cut batches and compute the pieces side by side: faster beside other
    /// programs, and the same to the last bit on any number of threads. Set it for parts of yours if they
    /// have neither batch normalisation nor dropout nor another state that a call changes. Hold the numbers
    /// that they give to libtorch (<c>using Scalar two = 2; x * two</c>): TorchSharp does not, and a garbage
    /// collection that another thread begins could free them during the call.
    /// </remarks>
    public bool HasIndependentRows { get; init; }

    /// <summary>Encodes images.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <returns>The posterior of each image: its mean, [batch, n], and its log times.</returns>
    /// <exception cref="InvalidOperationException">
    /// The encoder's output has another width than the latent space needs.
    /// </exception>
    public Posterior Encode(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        Tensor output = Encoder.forward(EncoderInput(images));
        RequireWidth("encoder", output, Latent.EncoderOutputs);
        Tensor[] parts = output.split([Latent.MeanDimension, Latent.TimeDimension], -1);
        return new Posterior { Mean = Latent.Mean(parts[0]), LogTime = Latent.LogTime(parts[1]) }.MoveToOuterDisposeScope();
    }

    /// <summary>Decodes points to their mean images.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, pixels].</returns>
    public Tensor Decode(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        return Likelihood.Mean(DecoderOutput(points)).MoveToOuterDisposeScope();
    }

    /// <summary>The decoder's output for points: the parameters of <see cref="Likelihood"/>.</summary>
    /// <param name="points">[batch, n].</param>
    /// <returns>[batch, pixels].</returns>
    public Tensor DecoderOutput(Tensor points)
    {
        using var scope = torch.NewDisposeScope();
        if (!AveragesAntipodes)
        {
            return Parameters(Decoder.forward(Latent.Features(points))).MoveToOuterDisposeScope();
        }
        IReadOnlyList<Tensor> representatives = Latent.Representatives(points);
        Tensor outputs = Decoder.forward(torch.cat([.. representatives], 0));
        Tensor mean = outputs.view([representatives.Count, .. points.shape[..^1], outputs.size(-1)]).mean([0]);
        return Parameters(mean).MoveToOuterDisposeScope();
    }

    /// <summary>What the encoder gets of images: themselves, or standardised.</summary>
    internal Tensor EncoderInput(Tensor images) => Standardisation?.Input(images) ?? images;

    /// <summary>The parameters of the likelihood from what the decoder puts out.</summary>
    private Tensor Parameters(Tensor output) => Standardisation?.Output(output) ?? output;

    /// <summary>Decodes the means of the posteriors of images: reconstructions without noise.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <returns>[batch, pixels].</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Encode"/>.</exception>
    public Tensor Reconstruct(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        return Decode(Encode(images).Mean).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The terms of the evidence lower bound, from reparametrised samples of each posterior (paper, section
    /// 3.4).
    /// </summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    /// <param name="samples">
    /// The number of samples of each posterior, at least 1: the L of Kingma and Welling (2014, section 2.3).
    /// </param>
    /// <returns>The terms, differentiable in the parameters of both networks.</returns>
    /// <exception cref="InvalidOperationException">An output of a network has the wrong width.</exception>
    public ElboTerms Elbo(Tensor images, Generator generator, int samples = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return Elbo(images, samples, posterior => Latent.Sample(posterior, generator));
    }

    /// <summary>
    /// The same terms from one exact sample of each posterior, where the latent space has exact ones
    /// (<see cref="LatentSpace.SampleExact"/>). These are the ones to report.
    /// </summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="generator">The source of the samples, on the same device.</param>
    /// <returns>The terms. They may not be differentiable through the samples.</returns>
    /// <exception cref="InvalidOperationException">An output of a network has the wrong width.</exception>
    public ElboTerms ExactElbo(Tensor images, Generator generator) =>
        Elbo(images, samples: 1, posterior => Latent.SampleExact(posterior, generator));

    private ElboTerms Elbo(Tensor images, int samples, Func<Posterior, Tensor> sample)
    {
        using var scope = torch.NewDisposeScope();
        Posterior posterior = Encode(images);
        Tensor points = sample(samples == 1 ? posterior : posterior.Repeat(samples));
        PixelScore score = Score(images, samples, DecoderOutput(points));
        return new ElboTerms
        {
            LogLikelihood = score.LogLikelihood,
            Divergence = Latent.Divergence(posterior),
            SquaredError = score.SquaredError,
            Posterior = posterior,
        }.MoveToOuterDisposeScope();
    }

    /// <summary>The mean over samples of how well images are explained.</summary>
    /// <param name="images">[batch, pixels].</param>
    /// <param name="samples">The number of samples of each image.</param>
    /// <param name="outputs">[samples * batch, pixels].</param>
    private PixelScore Score(Tensor images, int samples, Tensor outputs)
    {
        RequireWidth("decoder", outputs, images.size(-1));
        if (samples == 1)
        {
            return Likelihood.Score(images, outputs);
        }
        // Of one shape: libtorch warns of broadcasting, in every step.
        PixelScore scores = Likelihood.Score(images.expand(samples, -1, -1), outputs.view(samples, images.size(0), images.size(1)));
        return new PixelScore { LogLikelihood = scores.LogLikelihood.mean([0]), SquaredError = scores.SquaredError.mean([0]) };
    }

    private static bool IsOfLibrary(object part) =>
        part.GetType().Assembly == typeof(DiffusionAutoencoder).Assembly && part is not IUserCode;

    private void RequireWidth(string network, Tensor output, long width)
    {
        if (output.size(-1) != width)
        {
            throw new InvalidOperationException(
                Invariant($"The {network} puts out {output.size(-1)} numbers a row, but {width} are needed: ")
                + $"an encoder of '{Latent.Id}' puts out {nameof(LatentSpace)}.{nameof(LatentSpace.EncoderOutputs)}, "
                + "a decoder the pixels of an image.");
        }
    }
}
