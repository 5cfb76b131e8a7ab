using System.Text.Json.Serialization;
using DiffusionVae.Data;
using DiffusionVae.LatentSpaces;
using DiffusionVae.Models;
using DiffusionVae.Training;

namespace DiffusionVae.Runs;

/// <summary>Everything that decides a run. Its directory keeps it as <c>config.json</c>, from which the run
/// can be repeated.</summary>
public sealed record RunConfig
{
    /// <summary>The latent space, read by <see cref="LatentSpace.Parse"/>; default <c>torus:2</c>. With a
    /// user-defined model, the id of its latent space.</summary>
    public string Manifold { get; init; } = "torus:2";

    /// <summary>The data, read by <see cref="DataCatalogue.Parse"/>; default <c>mnist</c>.</summary>
    public string Data { get; init; } = "mnist";

    /// <summary>The number of training images to hold out, the last ones. The run then measures on these
    /// instead of the test images. Default 0, none.</summary>
    public long HoldOut { get; init; }

    /// <summary>The options of the latent space.</summary>
    public LatentOptions Latent { get; init; } = new();

    /// <summary>The options of the networks. A user-defined model takes none of them; its
    /// <see cref="NetworkOptions.Decoder"/> is the id of its likelihood.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>The options of training.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>
    /// The number of restarts to try, each for a twentieth of the epochs. The best of them becomes the run.
    /// Between 1 and 1000, default 1.
    /// </summary>
    [JsonPropertyName("starts")]
    public int Restarts { get; init; } = 1;

    /// <summary>The number of threads of tensor operations, at most 1024; default 0, one for each
    /// core.</summary>
    public int Threads { get; init; }

    /// <summary>The device, <c>cpu</c> or <c>cuda:i</c>; default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The versions of the software that made the run, by name. Written with a run, and ignored when
    /// a run is repeated.</summary>
    public IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>
    /// Whether the model comes from the caller's <see cref="ModelFactory"/>. Written with a run; such a run
    /// can only be opened with that factory.
    /// </summary>
    [JsonPropertyName("userModel")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasUserModel { get; init; }

    /// <summary>
    /// The protocol of the paper's authors: bounded log t, the divergence as printed, averaged antipodes, 500
    /// epochs of batches of 640 at a constant rate.
    /// </summary>
    public static RunConfig Paper { get; } = new()
    {
        Latent = new LatentOptions
        {
            Divergence = DivergenceMethod.Paper, Bounds = LogTimeBounds.Paper, Projection = EncoderProjection.Closest, Steps = 10,
        },
        Network = new NetworkOptions { AverageAntipodes = true, Decoder = NetworkOptions.PaperDecoder },
        Training = new TrainingOptions
        {
            Epochs = 500,
            BatchSize = 640,
            LearningRate = 1e-3,
            Schedule = LearningRateSchedule.Constant,
            LearningRateWarmup = 0,
            KlWarmup = 0,
            Initialisation = Initialisation.Random,
        },
    };

    /// <summary>Everything that is wrong with this configuration; empty if nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (HoldOut < 0)
        {
            yield return Invariant($"HoldOut is {HoldOut}; it must be 0 or more.");
        }
        if (Restarts is < 1 or > 1000)
        {
            yield return Invariant($"Restarts is {Restarts}; it must lie between 1 and 1000.");
        }
        if (Threads is < 0 or > 1024)
        {
            yield return Invariant($"Threads is {Threads}; it must lie between 0 and 1024.");
        }
        foreach (string fault in Latent.Faults().Concat(HasUserModel ? [] : Network.Faults()).Concat(Training.Faults()))
        {
            yield return fault;
        }
        if (Training.Binarisation == Binarisation.None && Network.Decoder == "bernoulli")
        {
            // Grey values under a Bernoulli decoder are no likelihood (Loaiza-Ganem and Cunningham 2019).
            yield return "A Bernoulli decoder needs zeros and ones: choose static or dynamic binarisation.";
        }
    }

    /// <summary>The latent space of this configuration.</summary>
    /// <exception cref="ConfigurationException">There is no such manifold, or the options do not fit
    /// it.</exception>
    public LatentSpace CreateLatentSpace() => ConfigurationException.Guard(() => LatentSpace.Parse(Manifold, Latent));

    /// <summary>Checks that a model of this configuration can be trained and measured on data.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ConfigurationException">
    /// No image would be left to train on, or pixels are not what the likelihood or the binarisation needs.
    /// </exception>
    public void RequireMatches(ImageData data) =>
        RequireMatches(data, ConfigurationException.Guard(() => PixelLikelihood.Parse(Resolved(data).Network.Decoder!, data.Shape)));

    /// <summary>The configuration with the likelihood that suits the data, where none was chosen: for zeros
    /// and ones drawn from pixels of one's own it is <c>bernoulli</c>.</summary>
    internal RunConfig Resolved(ImageData data)
    {
        bool isOwn = data.Likelihood != NetworkOptions.PaperDecoder;
        string suiting = isOwn && Training.Binarisation != Binarisation.None ? "bernoulli" : data.Likelihood;
        return this with { Network = Network with { Decoder = Network.Decoder ?? suiting } };
    }

    /// <summary>The same with the likelihood of a user-defined model.</summary>
    internal void RequireMatches(ImageData data, PixelLikelihood likelihood) => ConfigurationException.Guard(() =>
    {
        using Split split = Split.Create(data, HoldOut);
        foreach (ImageSet images in new[] { split.Train, split.Test })
        {
            likelihood.RequireOutcomes(images.Pixels, images.Name);
            if (Training.Binarisation != Binarisation.None)
            {
                Guard.Probabilities(images.Pixels, images.Name, "to be binarised");
            }
        }
        return data;
    });

    /// <summary>Writes the configuration as JSON.</summary>
    public string ToJson() => RunConfigJson.Write(this);

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The origin of the text, for messages.</param>
    /// <param name="basis">The values that hold where the text gives none; by default the defaults.</param>
    /// <exception cref="DataFormatException">The text is not a configuration; the message says
    /// where.</exception>
    public static RunConfig FromJson(string json, string source, RunConfig? basis = null) =>
        RunConfigJson.Read(json, source, basis ?? new RunConfig());

    /// <summary>
    /// The first value that differs in another configuration, in words: "there 'training.epochs' is 20, here
    /// 60". Null if there is none.
    /// </summary>
    /// <param name="other">The other configuration, "here"; this one is "there".</param>
    public string? DifferenceFrom(RunConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return RunConfigJson.Difference(this, other);
    }

    /// <summary>Checks that there is a factory if the model is user-defined, and none otherwise.</summary>
    /// <param name="factory">The factory, or null.</param>
    /// <param name="subject">What has this configuration, for the message.</param>
    internal void RequireFactory(ModelFactory? factory, string subject)
    {
        if (HasUserModel && factory is null)
        {
            throw new ConfigurationException(
                $"{subject} has a user-defined model, which only a program with its factory can make: "
                + "use Run.Open, Run.Resume or Run.Train with the factory.");
        }
        if (!HasUserModel && factory is not null)
        {
            throw new ConfigurationException(
                $"{subject} has the perceptrons of its config.json, and no user-defined model: open or resume it without a factory.");
        }
    }

    /// <summary>Checks the copy of this configuration that another file of the run has.</summary>
    /// <param name="path">The other file.</param>
    /// <param name="json">The copy.</param>
    /// <exception cref="DataFormatException">The copy differs; the message names the first value that
    /// does.</exception>
    internal void RequireSame(string path, string json)
    {
        if (DifferenceFrom(FromJson(json, path)) is { } difference)
        {
            throw new DataFormatException(path, $"not of the run that config.json describes, or that one is damaged: {difference}");
        }
    }
}
