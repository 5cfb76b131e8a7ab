using DiffusionVae.Manifolds;
using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>
/// Gives an encoder, before training, a start that lays the images on the latent space without tears and
/// folds. From a random start the encoder nearly always ends torn: local steps do not repair what is wrong
/// globally.
/// </summary>
/// <remarks>
/// <para>
/// There are two. <see cref="LinearAlignment"/> is for perceptrons, and suits images whose principal
/// components are coordinates of their shape. <see cref="SpectralLayout"/> is for any encoder, and suits
/// shapes that are curved. It is taken where it is clearly the better one, by the
/// <see cref="InterpolationError"/> of both.
/// </para>
/// <para>
/// R^k starts at random. It has no shape to find, and on it principal components, with a decoder ahead of its
/// encoder, are a worse start than none.
/// </para>
/// </remarks>
internal sealed class Alignment : IDisposable
{
    /// <summary>
    /// The spectral layout is taken if its error is less than this share of that of the linear alignment.
    /// </summary>
    private const double Advantage = 0.7;

    /// <summary>An encoder without a linear alignment is taught a layout that lies this near to the
    /// space.</summary>
    private const double LargestResidual = 0.05;

    /// <summary>Runs of fewer steps are over before an encoder that rests has learnt anything.</summary>
    private const int LeastSteps = 200;

    /// <summary>
    /// A linear alignment with an error below this share of the variance of the images leaves nothing to
    /// find.
    /// </summary>
    private const double Faultless = 1e-3;

    private readonly DiffusionAutoencoder model;
    private readonly TrainingOptions options;
    private readonly Batches batches;
    private readonly Optimiser optimiser;
    private readonly TrainingState state;

    /// <summary>Prepares to align.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="batches">The images.</param>
    /// <param name="optimiser">The optimiser of its parameters; not owned.</param>
    /// <param name="state">The state of training, where everything is registered.</param>
    public Alignment(
        DiffusionAutoencoder model, TrainingOptions options, Batches batches, Optimiser optimiser, TrainingState state)
    {
        (this.model, this.options, this.batches, this.optimiser, this.state) = (model, options, batches, optimiser, state);
        IsApplicable = options.Initialisation == Initialisation.Aligned && CanAlign(model);
        State.AddTo(state);
        state.AddOptional("alignment.encoder", Hold);
    }

    /// <summary>Whether the run starts with an alignment, if one is found.</summary>
    public bool IsApplicable { get; }

    /// <summary>How the run was aligned, and how long its encoder rests.</summary>
    public AlignmentState State { get; } = new();

    private Device Device => optimiser.Device;

    /// <summary>Whether a model can be aligned: its latent space has a shape to find.</summary>
    /// <remarks>
    /// A user-defined space that is not encoded by the coordinates of its points is not aligned.
    /// </remarks>
    public static bool CanAlign(DiffusionAutoencoder model) =>
        !model.Latent.Manifolds.All(manifold => manifold is IVectorSpace)
        && model.Latent.Components.All(
            component => component.EncodedManifolds is not null || component.MeanDimension == component.AmbientDimension);

    /// <summary>Aligns the encoder of a new run.</summary>
    /// <param name="networks">Prepares the networks for steps.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1.</param>
    public void Begin(NetworkMode networks, Action<double> progress)
    {
        using var scope = torch.NewDisposeScope();
        using Generator draws = Seeds.Generator(options.Seed, RandomPurpose.Alignment, Device, options.Restart ?? 0);
        Tensor images = batches.Sample(LinearAlignment.Images, draws);
        LinearAlignment? linear;
        using (new SerialScope())
        {
            linear = LinearAlignment.Find(model, images, draws);
        }
        bool isFaultless = linear?.InterpolationError < Faultless * (images - images.mean([0])).Squared().mean().ToDouble();
        if (batches.PerEpoch * options.Epochs >= LeastSteps && !isFaultless)
        {
            (Tensor observations, SpectralLayout? spectral) = FindLayout(share => progress(share / 2));
            if (spectral is not null && IsBetter(spectral, linear))
            {
                Tensor outputs = spectral.Outputs.to(Device);
                new EncoderRegression(model, optimiser, networks)
                    .Teach(observations, outputs, draws, share => progress((1 + share) / 2));
                State.BeginRest(spectral.InterpolationError * observations.size(-1));
                Hold();
                return;
            }
        }
        linear?.Apply();
    }

    /// <summary>What holds the encoder near the layout that it was taught; null if there is none.</summary>
    public LayoutAnchor? Anchor { get; private set; }

    /// <summary>Frees what is kept of the layout.</summary>
    public void Dispose()
    {
        State.Dispose();
        Anchor?.Dispose();
    }

    private void Hold()
    {
        Anchor = new LayoutAnchor(model, optimiser.EncoderParameters);
        Anchor.AddTo(state);
    }

    private static bool IsBetter(SpectralLayout spectral, LinearAlignment? linear) => linear is null
        ? spectral.Residual < LargestResidual
        : spectral.InterpolationError < Advantage * linear.InterpolationError;

    private (Tensor Observations, SpectralLayout? Layout) FindLayout(Action<double> progress)
    {
        using Generator draws = Seeds.Generator(options.Seed, RandomPurpose.Layout, Device, options.Restart ?? 0);
        using Generator rotations = Seeds.Generator(options.Seed, RandomPurpose.Rotations, CPU, options.Restart ?? 0);
        Tensor observations = batches.Sample(SpectralLayout.Observations(model.Latent, batches.Width), draws);
        return (observations, SpectralLayout.Find(observations.cpu(), model.Latent, rotations, progress));
    }
}
