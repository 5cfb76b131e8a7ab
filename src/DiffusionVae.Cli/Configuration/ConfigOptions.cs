using System.CommandLine;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Runs;
using DiffusionVae.Training;

namespace DiffusionVae.Cli.Configuration;

/// <summary>
/// An option for every value of a <see cref="RunConfig"/>, which gives the defaults and ranges.
/// </summary>
internal static class ConfigOptions
{
    /// <summary>The option that names the data.</summary>
    public const string Data = "--data";

    /// <summary>The options that name the latent space, the length of training and the threads.</summary>
    public const string Manifold = "--manifold", Epochs = "--epochs", Repeats = "--repeats", Threads = "--threads";

    public static IReadOnlyList<ConfigOption> Create()
    {
        ConfigOption manifold = ConfigOption<string>.Bind(
            Manifold, "ID", "The latent space: see 'dvae manifolds'; factors of a product are joined by *",
            ValueText.Any, c => c.Manifold, (c, v) => c with { Manifold = v });
        manifold.Option.CompletionSources.Add(Completions.Manifolds);
        ConfigOption data = ConfigOption<string>.Bind(
            Data, "ID", "The images: a name, a folder or a file, see 'dvae data'", ValueText.Any, c => c.Data,
            (c, v) => c with { Data = v });
        data.Option.CompletionSources.Add(Completions.DataSets);
        return [manifold, data, .. Training(), .. Latent(), .. Network(), .. Rest()];
    }

    private static IEnumerable<ConfigOption> Training()
    {
        static RunConfig With(RunConfig c, Func<TrainingOptions, TrainingOptions> change) => c with { Training = change(c.Training) };
        yield return ConfigOption<int>.Bind(
            Epochs, "N", "Passes over the training images", ValueText.Int32, c => c.Training.Epochs,
            (c, v) => With(c, t => t with { Epochs = v }), (true, 0));
        yield return ConfigOption<int>.Bind(
            Repeats, "N", "Passes of an epoch; with few images, and without --epochs, as many as make 40 steps", ValueText.Int32,
            c => c.Training.Repeats, (c, v) => With(c, t => t with { Repeats = v }), (true, 0));
        yield return ConfigOption<int>.Bind(
            "--batch-size", "N", "Images in a step", ValueText.Int32, c => c.Training.BatchSize,
            (c, v) => With(c, t => t with { BatchSize = v }), (true, 0));
        yield return ConfigOption<int>.Bind(
            "--posterior-samples", "N", "Samples of each posterior in a step", ValueText.Int32,
            c => c.Training.PosteriorSamples, (c, v) => With(c, t => t with { PosteriorSamples = v }), (true, 0));
        yield return ConfigOption<double>.Bind(
            "--learning-rate", "X", "The learning rate of Adam", ValueText.Float64, c => c.Training.LearningRate,
            (c, v) => With(c, t => t with { LearningRate = v }), (true, -1));
        yield return ConfigOption<double>.Bind(
            "--adam-beta2", "X", "How much of the mean square of the gradients Adam keeps in a step", ValueText.Float64,
            c => c.Training.AdamBeta2, (c, v) => With(c, t => t with { AdamBeta2 = v }), (true, 1));
        yield return ConfigOption<LearningRateSchedule>.Bind(
            "--schedule", Choices<LearningRateSchedule>(), "How the learning rate goes over the run",
            ValueText.Choice<LearningRateSchedule>,
            c => c.Training.Schedule, (c, v) => With(c, t => t with { Schedule = v }));
        yield return ConfigOption<double?>.Bind(
            "--learning-rate-warmup", "X", "The share of the run in which that rate grows to what the schedule has",
            text => ValueText.Float64(text),
            c => c.Training.LearningRateWarmup, (c, v) => With(c, t => t with { LearningRateWarmup = v }), (true, -1),
            whenNull: "0.2 after a random start, 0 after an alignment");
        yield return ConfigOption<double>.Bind(
            "--kl-weight", "X", "The weight of the divergence in the loss", ValueText.Float64, c => c.Training.KlWeight,
            (c, v) => With(c, t => t with { KlWeight = v }), (true, -1));
        yield return ConfigOption<double>.Bind(
            "--kl-warmup", "X", "The share of the run in which that weight grows to its full value", ValueText.Float64,
            c => c.Training.KlWarmup, (c, v) => With(c, t => t with { KlWarmup = v }), (true, -1));
        yield return ConfigOption<Initialisation>.Bind(
            "--initialisation", Choices<Initialisation>(),
            "How the networks start: random, or with the images' principal components laid on the manifold",
            ValueText.Choice<Initialisation>,
            c => c.Training.Initialisation, (c, v) => With(c, t => t with { Initialisation = v }));
        yield return ConfigOption<int>.Bind(
            "--encoder-delay", "N", "Steps of the decoder alone after an alignment", ValueText.Int32,
            c => c.Training.EncoderDelay, (c, v) => With(c, t => t with { EncoderDelay = v }), (true, -1));
        yield return ConfigOption<Binarisation>.Bind(
            "--binarisation", Choices<Binarisation>(),
            "How grey pixels become zeros and ones: not, once, or anew in every step", ValueText.Choice<Binarisation>,
            c => c.Training.Binarisation, (c, v) => With(c, t => t with { Binarisation = v }));
        yield return ConfigOption<long>.Bind(
            "--seed", "N", "Decides everything random: the same seed gives the same run", ValueText.Int64,
            c => c.Training.Seed, (c, v) => With(c, t => t with { Seed = v, Restart = null }));
        yield return ConfigOption<int>.Bind(
            "--starts", "N", "Starts to try, each for a twentieth of the epochs, of which the best goes on", ValueText.Int32,
            c => c.Restarts, (c, v) => With(c with { Restarts = v }, t => t with { Restart = null }), (true, 0));
        yield return ConfigOption<int?>.Bind(
            "--start", "N", "The start to take, from 0, without a choice", text => ValueText.Int32(text),
            c => c.Training.Restart, (c, v) => With(c, t => t with { Restart = v }), (true, -1), whenNull: "the best of --starts");
    }

    private static IEnumerable<ConfigOption> Latent()
    {
        static RunConfig With(RunConfig c, Func<LatentOptions, LatentOptions> change) => c with { Latent = change(c.Latent) };
        yield return ConfigOption<int>.Bind(
            "--steps", "N", "Steps of the random walk", ValueText.Int32, c => c.Latent.Steps,
            (c, v) => With(c, l => l with { Steps = v }), (true, 0));
        yield return ConfigOption<DivergenceMethod?>.Bind(
            "--divergence", Choices<DivergenceMethod>(), "How the divergence from the prior is computed",
            text => ValueText.Choice<DivergenceMethod>(text),
            c => c.Latent.Divergence, (c, v) => With(c, l => l with { Divergence = v }),
            whenNull: "exact where it is known, asymptotic elsewhere");
        yield return ConfigOption<LogTimeBounds?>.Bind(
            "--log-t-bounds", "LOWER,UPPER", $"Bounds of log t, or {ValueText.Free}", ValueText.Bounds,
            c => c.Latent.Bounds, (c, v) => With(c, l => l with { Bounds = v }), (true, new LogTimeBounds(0, 0)),
            whenNull: $"{ValueText.Free} with an exact divergence, {ValueText.Show(LogTimeBounds.Paper)} without");
        yield return ConfigOption<EncoderProjection?>.Bind(
            "--projection", Choices<EncoderProjection>(), "How the encoder's coordinates become a point",
            text => ValueText.Choice<EncoderProjection>(text),
            c => c.Latent.Projection, (c, v) => With(c, l => l with { Projection = v }),
            whenNull: "unfolded on the ring torus, closest elsewhere");
        yield return ConfigOption<double>.Bind(
            "--initial-log-t", "X", "Where a free log t starts", ValueText.Float64, c => c.Latent.InitialLogTime,
            (c, v) => With(c, l => l with { InitialLogTime = v }), (true, 1e9));
    }

    private static IEnumerable<ConfigOption> Network()
    {
        static RunConfig With(RunConfig c, Func<NetworkOptions, NetworkOptions> change) => c with { Network = change(c.Network) };
        ConfigOption decoder = ConfigOption<string?>.Bind(
            "--decoder", "ID",
            "The distribution of pixels or features: gaussian (variance 1), gaussian:V of variance V, gaussian:learned, "
            + "gaussian:learned-each (a variance for each), bernoulli, poisson or negative-binomial",
            ValueText.Any, c => c.Network.Decoder, (c, v) => With(c, n => n with { Decoder = v }),
            whenNull: "gaussian for mnist, fourier, circle and rotations, else gaussian:learned");
        decoder.Option.CompletionSources.Add(
            "gaussian", "gaussian:learned", "gaussian:learned-each", "bernoulli", "poisson", "negative-binomial");
        yield return decoder;
        yield return ConfigOption<IReadOnlyList<int>>.Bind(
            "--encoder-widths", "N,N,...", "Widths of the encoder's hidden layers", ValueText.Widths,
            c => c.Network.EncoderWidths, (c, v) => With(c, n => n with { EncoderWidths = v }), (true, [0]));
        yield return ConfigOption<IReadOnlyList<int>>.Bind(
            "--decoder-widths", "N,N,...", "Widths of the decoder's hidden layers", ValueText.Widths,
            c => c.Network.DecoderWidths, (c, v) => With(c, n => n with { DecoderWidths = v }), (true, [0]));
        yield return ConfigOption<bool>.Bind(
            "--average-antipodes", "true|false", "On projective spaces, average the decoder's values at p and -p, as the paper does",
            text => bool.TryParse(text, out bool value) ? value : throw new FormatException("true or false"),
            c => c.Network.AverageAntipodes, (c, v) => With(c, n => n with { AverageAntipodes = v }));
    }

    private static IEnumerable<ConfigOption> Rest()
    {
        ConfigOption device = ConfigOption<string>.Bind(
            "--device", "ID", "Where to compute: cpu, or cuda:i with a build that has it", ValueText.Any, c => c.Device,
            (c, v) => c with { Device = v });
        device.Option.CompletionSources.Add(Completions.Devices);
        return
        [
            ConfigOption<long>.Bind(
                "--hold-out", "N", "Measure on that many training images, the last ones, instead of the test images",
                ValueText.Int64, c => c.HoldOut, (c, v) => c with { HoldOut = v }, (true, -1)),
            ConfigOption<int>.Bind(
                Threads, "N", "Threads to compute with, 0 for one on each core", ValueText.Int32, c => c.Threads,
                (c, v) => c with { Threads = v }, (true, -1)),
            device,
        ];
    }

    private static string Choices<T>()
        where T : struct, Enum => string.Join('|', ValueText.Names<T>());
}
