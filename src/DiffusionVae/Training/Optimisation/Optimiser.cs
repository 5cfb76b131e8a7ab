using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Adam on the parameters of a model, the encoder's and the decoder's each at a rate of their own.</summary>
internal sealed class Optimiser : IDisposable
{
    private readonly Part encoder;
    private readonly Part decoder;

    public Optimiser(DiffusionAutoencoder model, double beta2) =>
        (encoder, decoder) = (new Part("encoder", model.Encoder, beta2), new Part("decoder", model.Decoder, beta2));

    /// <summary>Where the parameters are.</summary>
    public Device Device => decoder.Parameters.Values.device;

    /// <summary>Names what decides the steps to come.</summary>
    public void AddTo(TrainingState state)
    {
        encoder.AddTo(state);
        decoder.AddTo(state);
    }

    /// <summary>The gradients of a loss: new tensors, which nothing is added to and nothing clears, of the caller's dispose scope.</summary>
    /// <remarks>Nothing goes back through the encoder where it rests.</remarks>
    public Gradients Differentiate(Tensor loss, bool encoderRests)
    {
        Part[] moved = encoderRests ? [decoder] : [decoder, encoder];
        IList<Tensor> found = torch.autograd.grad([loss], [.. moved.SelectMany(part => part.Parameters.Tensors)], allow_unused: true);
        var gradients = new List<Tensor>(found.Count);
        foreach (Tensor parameter in moved.SelectMany(part => part.Parameters.Tensors))
        {
            // Of what the loss does not depend on there is none.
            Tensor gradient = found[gradients.Count];
            gradients.Add(gradient.IsInvalid ? torch.zeros_like(parameter) : gradient);
        }
        int ofDecoder = decoder.Parameters.Tensors.Count;
        return new Gradients(gradients[..ofDecoder], gradients[ofDecoder..]);
    }

    /// <summary>Moves the parameters against the gradients; those of an encoder that rests stay.</summary>
    public void Step(Gradients gradients, double encoderRate, double decoderRate)
    {
        decoder.Adam.Step(decoderRate, gradients.Decoder);
        if (gradients.Encoder.Count > 0)
        {
            encoder.Adam.Step(encoderRate, gradients.Encoder);
        }
    }

    /// <summary>The parameter nearest to the loss whose gradient is not finite; or null.</summary>
    public (string Name, double Value)? NotFinite(Gradients gradients) => gradients.LookFinite() ? null
        : decoder.NotFinite("gradient", gradients.Decoder) ?? (gradients.Encoder.Count > 0 ? encoder.NotFinite("gradient", gradients.Encoder) : null);

    /// <summary>The parameter nearest to the loss that is not finite; or null.</summary>
    public (string Name, double Value)? WeightsNotFinite() =>
        decoder.NotFinite("weights", decoder.Parameters.Tensors) ?? encoder.NotFinite("weights", encoder.Parameters.Tensors);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    private sealed class Part : IDisposable
    {
        private readonly string name;

        public Part(string name, nn.Module network, double beta2)
        {
            (this.name, Parameters) = (name, new FlatParameters(network));
            Adam = new Adam(Parameters, beta2);
        }

        public FlatParameters Parameters { get; }

        public Adam Adam { get; }

        public void AddTo(TrainingState state)
        {
            state.Add($"{name}.weights", Parameters.Values);
            Adam.AddTo(state, name);
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
