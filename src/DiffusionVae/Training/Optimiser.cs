using DiffusionVae.Models;

namespace DiffusionVae.Training;

/// <summary>Adam on the parameters of a model, the encoder's and the decoder's each at a rate of their own.</summary>
internal sealed class Optimiser : IDisposable
{
    private readonly Part encoder;
    private readonly Part decoder;

    public Optimiser(DiffusionAutoencoder model) => (encoder, decoder) = (new Part("encoder", model.Encoder), new Part("decoder", model.Decoder));

    /// <summary>Where the parameters are.</summary>
    public Device Device => decoder.Parameters.Values.device;

    /// <summary>Names what decides the steps to come.</summary>
    public void AddTo(TrainingState state)
    {
        encoder.AddTo(state);
        decoder.AddTo(state);
    }

    /// <summary>Moves the parameters against the gradients, and clears these. At the rate 0 the gradients are forgotten.</summary>
    public void Step(double encoderRate, double decoderRate)
    {
        encoder.Step(encoderRate);
        decoder.Step(decoderRate);
    }

    /// <summary>The sum of all gradients: finite if they all are, unless they come near the greatest number of their type.</summary>
    public double GradientSum() => encoder.Parameters.GradientSum() + decoder.Parameters.GradientSum();

    /// <summary>The parameter nearest to the loss whose gradient is not finite; or null.</summary>
    public (string Name, double Value)? GradientNotFinite() => NotFinite("gradient", parameters => parameters.Gradients);

    /// <summary>The parameter nearest to the loss that is not finite; or null.</summary>
    public (string Name, double Value)? WeightsNotFinite() => NotFinite("weights", parameters => parameters.Values);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    private (string, double)? NotFinite(string what, Func<FlatParameters, Tensor> vector)
    {
        foreach (Part part in new[] { decoder, encoder })
        {
            if (part.Parameters.LastNotFinite(vector(part.Parameters)) is (string name, double value))
            {
                return ($"{what} of {part.Name}.{name}", value);
            }
        }
        return null;
    }

    private sealed class Part : IDisposable
    {
        private readonly Adam adam;

        public Part(string name, nn.Module network)
        {
            (Name, Parameters) = (name, new FlatParameters(network));
            adam = new Adam(Parameters);
        }

        public string Name { get; }

        public FlatParameters Parameters { get; }

        public void AddTo(TrainingState state)
        {
            state.Add($"{Name}.weights", Parameters.Values);
            adam.AddTo(state, Name);
        }

        public void Step(double rate)
        {
            if (rate > 0)
            {
                adam.Step(rate);
            }
            else
            {
                Parameters.Gradients.zero_();
            }
        }

        public void Dispose()
        {
            adam.Dispose();
            Parameters.Dispose();
        }
    }
}
