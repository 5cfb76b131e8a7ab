using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Adam on the parameters of a model; encoder and decoder have a learning rate each.</summary>
internal sealed class Optimiser : IDisposable
{
    private readonly Part encoder;
    private readonly Part decoder;

    public Optimiser(DiffusionAutoencoder model, double beta2) =>
        // What the likelihood learns moves with the decoder.
        (encoder, decoder) =
            (new Part("encoder", [model.Encoder], beta2), new Part("decoder", [model.Decoder, model.Likelihood.Parameters], beta2));

    /// <summary>The device of the parameters.</summary>
    public Device Device => decoder.Parameters.Values.device;

    /// <summary>The parameters of the encoder.</summary>
    public FlatParameters EncoderParameters => encoder.Parameters;

    /// <summary>Registers what decides the steps to come.</summary>
    public void AddTo(TrainingState state)
    {
        encoder.AddTo(state);
        decoder.AddTo(state);
    }

    /// <summary>The gradients of a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="encoderRests">Whether to leave out the encoder, through which nothing is then propagated
    /// back.</param>
    /// <param name="deferred">
    /// What has deferred products since the loss was computed; null if nothing has.
    /// </param>
    /// <returns>New tensors of the caller's dispose scope; the parameters' own <c>grad</c> is not
    /// used.</returns>
    public Gradients Differentiate(Tensor loss, bool encoderRests, DeferredProducts? deferred = null)
    {
        Part[] moved = encoderRests ? [decoder] : [decoder, encoder];
        PartialGradient[] gradients = Differentiate(loss, moved, deferred);
        int ofDecoder = decoder.Parameters.Tensors.Count;
        return new Gradients(gradients[..ofDecoder], gradients[ofDecoder..]);
    }

    /// <summary>The gradients of a loss that depends on the encoder alone.</summary>
    /// <inheritdoc cref="Differentiate(Tensor, bool, DeferredProducts?)"/>
    public Gradients DifferentiateEncoder(Tensor loss, DeferredProducts deferred) => new([], Differentiate(loss, [encoder], deferred));

    private static PartialGradient[] Differentiate(Tensor loss, Part[] moved, DeferredProducts? deferred)
    {
        Tensor[] parameters = [.. moved.SelectMany(part => part.Parameters.Tensors)];
        IList<Tensor> found = torch.autograd.grad([loss], parameters, allow_unused: true);
        return [.. parameters.Zip(found, (parameter, dense) => Gradient(dense, deferred?.Of(parameter) ?? []))];
    }

    /// <summary>
    /// Moves the parameters against the sums of the shards' gradients; without gradients the encoder stays.
    /// </summary>
    public void Step(IReadOnlyList<Gradients> shards, double encoderRate, double decoderRate)
    {
        List<Action> pieces = [.. decoder.Adam.Step(decoderRate, [.. shards.Select(shard => shard.Decoder)])];
        if (shards[0].Encoder.Count > 0)
        {
            pieces.AddRange(encoder.Adam.Step(encoderRate, [.. shards.Select(shard => shard.Encoder)]));
        }
        Workers.Run(pieces.Count, piece => pieces[piece]());
    }

    /// <summary>
    /// The parameter nearest to the loss with a gradient that is not finite, and the value; null if all are
    /// finite.
    /// </summary>
    public (string Name, double Value)? NotFinite(Gradients gradients) => gradients.LookFinite
        ? null
        : decoder.NotFinite("gradient", gradients.Decoder)
            ?? (gradients.Encoder.Count > 0 ? encoder.NotFinite("gradient", gradients.Encoder) : null);

    /// <summary>
    /// The parameter nearest to the loss that is not finite, and the value; null if all are finite.
    /// </summary>
    public (string Name, double Value)? WeightsNotFinite() =>
        decoder.NotFinite("weights", decoder.Parameters.Tensors) ?? encoder.NotFinite("weights", encoder.Parameters.Tensors);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    private static PartialGradient Gradient(Tensor dense, IReadOnlyList<(Tensor Left, Tensor Right)> products)
    {
        // There is none where the loss does not depend on the parameter.
        bool exists = !dense.IsInvalid && !(products.Count > 0 && DeferredProducts.IsPlaceholder(dense));
        return new PartialGradient(exists ? dense : null, products);
    }

    /// <summary>The parameters of one network and their Adam.</summary>
    private sealed class Part : IDisposable
    {
        private readonly string name;

        public Part(string name, IEnumerable<nn.Module?> networks, double beta2)
        {
            (this.name, Parameters) = (name, new FlatParameters([.. networks.OfType<nn.Module>()]));
            Adam = new Adam(Parameters, beta2);
        }

        public FlatParameters Parameters { get; }

        public Adam Adam { get; }

        public void AddTo(TrainingState state)
        {
            state.Add($"{name}.weights", Parameters.Values);
            Adam.AddTo(state, name);
        }

        public (string, double)? NotFinite(string what, IReadOnlyList<PartialGradient> gradients)
        {
            using var scope = torch.NewDisposeScope();
            return NotFinite(what, [.. gradients.Zip(Parameters.Tensors, (gradient, parameter) =>
                PartialGradient.Sum([gradient], parameter))]);
        }

        public (string, double)? NotFinite(string what, IReadOnlyList<Tensor> tensors) =>
            Parameters.LastNotFinite(tensors) is (string parameter, double value) ? ($"{what} of {name}.{parameter}", value) : null;

        public void Dispose()
        {
            Adam.Dispose();
            Parameters.Dispose();
        }
    }
}
