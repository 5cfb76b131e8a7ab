using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;

namespace DiffusionVae.Runs;

/// <summary>Makes the models of runs: perceptrons as configured, or a user-defined model by the caller's
/// factory.</summary>
internal static class ModelBuilder
{
    /// <summary>The model of a configuration, on its device, with the initial weights that the seed and the
    /// restart decide.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="data">The data to train on.</param>
    /// <param name="factory">Makes a user-defined model; null for perceptrons.</param>
    /// <exception cref="ConfigurationException">The data do not match the model.</exception>
    public static DiffusionAutoencoder Create(RunConfig config, ImageData data, ModelFactory? factory)
    {
        Device device = Devices.Use(config);
        if (factory is null)
        {
            config.RequireMatches(data);
            using Generator weights = Seeds.Generator(config.Training.Seed, RandomPurpose.Weights, restart: config.Training.Restart ?? 0);
            using Split split = Split.Create(data, config.HoldOut);
            NetworkOptions options = config.Resolved(data).Network;
            return DiffusionAutoencoder.Create(config.CreateLatentSpace(), split.Train, options, weights).to(device);
        }
        DiffusionAutoencoder model = CreateByFactory(config, data.Shape, factory);
        try
        {
            config.RequireMatches(data, model.Likelihood);
            using Split split = Split.Create(data, config.HoldOut);
            model.Likelihood.Prepare(split.Train.Pixels, split.Train.Shape);
            return model.to(device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A user-defined model on the CPU, its widths checked.</summary>
    /// <exception cref="ConfigurationException">The factory made none, or its networks do not fit
    /// together.</exception>
    public static DiffusionAutoencoder CreateByFactory(RunConfig config, ObservationShape shape, ModelFactory factory)
    {
        int restart = config.Training.Restart ?? 0;
        using Generator weights = Seeds.Generator(config.Training.Seed, RandomPurpose.Weights, restart: restart);
        // The initialisers of torch draw from there.
        Seeds.SeedGlobalGenerator(config.Training.Seed, RandomPurpose.Weights, restart);
        DiffusionAutoencoder model = factory(new ModelRequest { Config = config, Shape = shape, Generator = weights })
            ?? throw new ConfigurationException("The model factory returned null.");
        try
        {
            RequireWidths(model, shape);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The configuration with every choice that was left open replaced by the one that was
    /// made.</summary>
    public static RunConfig Resolve(RunConfig config, DiffusionAutoencoder model)
    {
        LatentOptions options = config.Latent with
        {
            Divergence = OfAllComponents(component => component.DivergenceMethod, config.Latent.Divergence),
            Bounds = OfAllComponents(component => component.Bounds, config.Latent.Bounds),
            Projection = OfAllComponents(component => component.Projection, config.Latent.Projection),
        };
        NetworkOptions network = (config.HasUserModel ? new NetworkOptions() : config.Network) with { Decoder = model.Likelihood.Id };
        return config with
        {
            Manifold = model.Latent.Id,
            Latent = options,
            Network = network,
            Threads = torch.get_num_threads(),
            Versions = RunVersions.Current,
        };

        // Where the components of a product were treated differently, the configuration stays as it was.
        T OfAllComponents<T>(Func<DiffusionLatentSpace, T> chosen, T otherwise) =>
            model.Latent.Components.OfType<DiffusionLatentSpace>().Select(chosen).Distinct().ToArray() is [T only] ? only : otherwise;
    }

    private static void RequireWidths(DiffusionAutoencoder model, ObservationShape shape)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        bool training = model.training;
        model.eval();
        int features = DiffusionAutoencoder.DecoderInputs(model.Latent, model.AveragesAntipodes);
        Require("encoder", model.Encoder, shape.Size, model.Latent.EncoderOutputs);
        Require("decoder", model.Decoder, features, shape.Size);
        model.train(training);
    }

    private static void Require(string name, nn.Module<Tensor, Tensor> network, int inputs, int outputs)
    {
        Tensor output = network.forward(torch.zeros(1, inputs));
        if (!output.shape.SequenceEqual([1, outputs]))
        {
            throw new ConfigurationException(Invariant(
                $"The {name} of the model maps [1, {inputs}] to [{string.Join(", ", output.shape)}]; expected [1, {outputs}]."));
        }
    }
}
