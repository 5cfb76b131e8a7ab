using DiffusionVae.Data;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>Makes the user-defined model of a run: latent space, encoder, decoder and likelihood.</summary>
/// <remarks>
/// <para>
/// A run calls the factory before it trains, once more for each restart that it tries, and whenever it is
/// opened or resumed. The factory must make the
/// same modules with the same names each time; the run then fills in the stored parameters and buffers.
/// </para>
/// <para>
/// The initialisers of torch draw from torch's global generator. The run seeds that generator before each
/// call, so its seed decides the weights.
/// </para>
/// </remarks>
/// <param name="request">Describes the model to make.</param>
/// <returns>A new model on the CPU, which the run owns.</returns>
public delegate DiffusionAutoencoder ModelFactory(ModelRequest request);

/// <summary>Describes the model that a <see cref="ModelFactory"/> is to make.</summary>
public sealed class ModelRequest
{
    internal ModelRequest()
    {
    }

    /// <summary>The configuration of the run. The factory may read its manifold and options, or ignore
    /// them.</summary>
    public required RunConfig Config { get; init; }

    /// <summary>The shape of the observations.</summary>
    public required ObservationShape Shape { get; init; }

    /// <summary>A source of initial weights for networks that take a generator, such as <see cref="Mlp"/>.
    /// Valid during the call only.</summary>
    public required Generator Generator { get; init; }
}
